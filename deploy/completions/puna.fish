# SPDX-License-Identifier: Apache-2.0
# Completion of puna for fish: into /usr/share/fish/vendor_completions.d, or ~/.config/fish/completions.

# The names of installed models; nothing where no server runs.
function __puna_models
    puna list 2>/dev/null | awk 'NR > 1 { print $1 }'
end

function __puna_running
    puna ps 2>/dev/null | awk 'NR > 1 { print $1 }'
end

complete -c puna -f
complete -c puna -s h -l help -d 'tell how it is used'
complete -c puna -n __fish_use_subcommand -s v -l version -d 'tell the version'
complete -c puna -n __fish_use_subcommand -l nowordwrap -d 'leave long lines to the terminal'
complete -c puna -n __fish_use_subcommand -l verbose -d 'tell how long answers took'

complete -c puna -n __fish_use_subcommand -a 'serve start' -d 'start the server'
complete -c puna -n __fish_use_subcommand -a create -d 'make a model'
complete -c puna -n __fish_use_subcommand -a show -d 'tell about a model'
complete -c puna -n __fish_use_subcommand -a run -d 'ask a model, or talk with it'
complete -c puna -n __fish_use_subcommand -a stop -d 'take a model out of memory'
complete -c puna -n __fish_use_subcommand -a pull -d 'fetch a model from a registry'
complete -c puna -n __fish_use_subcommand -a push -d 'bring a model to a registry'
complete -c puna -n __fish_use_subcommand -a 'list ls' -d 'list the models'
complete -c puna -n __fish_use_subcommand -a ps -d 'list the models in memory'
complete -c puna -n __fish_use_subcommand -a cp -d 'copy a model'
complete -c puna -n __fish_use_subcommand -a rm -d 'remove models'
complete -c puna -n __fish_use_subcommand -a export -d 'write models into one archive'
complete -c puna -n __fish_use_subcommand -a import -d 'read models from an archive'
complete -c puna -n __fish_use_subcommand -a verify -d 'check the files of models'
complete -c puna -n __fish_use_subcommand -a gc -d 'remove files that no model needs'
complete -c puna -n __fish_use_subcommand -a prune -d 'remove interrupted downloads too'
complete -c puna -n __fish_use_subcommand -a convert -d 'write safetensors as GGUF'
complete -c puna -n __fish_use_subcommand -a devices -d 'list what models can run on'
complete -c puna -n __fish_use_subcommand -a help -d 'tell about a command'

complete -c puna -n '__fish_seen_subcommand_from run show create push pull cp rm list ls export verify' -a '(__puna_models)'
complete -c puna -n '__fish_seen_subcommand_from stop' -a '(__puna_running)'

complete -c puna -n '__fish_seen_subcommand_from run' -l dimensions -x -d 'length of an embedding'
complete -c puna -n '__fish_seen_subcommand_from run' -l format -x -a json -d 'form of the answer'
complete -c puna -n '__fish_seen_subcommand_from run' -l hidethinking -d 'leave thoughts out'
complete -c puna -n '__fish_seen_subcommand_from run pull push verify' -l insecure -d 'allow a registry without TLS'
complete -c puna -n '__fish_seen_subcommand_from run' -l keepalive -x -d 'how long the model stays in memory'
complete -c puna -n '__fish_seen_subcommand_from run' -l nowordwrap -d 'leave long lines to the terminal'
complete -c puna -n '__fish_seen_subcommand_from run' -l think -a 'true false high medium low' -d 'let the model think'
complete -c puna -n '__fish_seen_subcommand_from run' -l truncate -d 'cut texts too long for an embedding'
complete -c puna -n '__fish_seen_subcommand_from run' -l verbose -d 'tell how long the answer took'

set -l types F32 F16 BF16 Q4_K_S Q4_K_M Q8_0
complete -c puna -n '__fish_seen_subcommand_from create' -l link -d 'link files into the store in place of copies'
complete -c puna -n '__fish_seen_subcommand_from create' -l draft-quantize -x -a "$types" -d 'type of the draft model'
complete -c puna -n '__fish_seen_subcommand_from create' -l experimental -d 'allow safetensors'
complete -c puna -n '__fish_seen_subcommand_from create' -s f -l file -r -F -d 'the Modelfile'
complete -c puna -n '__fish_seen_subcommand_from create' -s q -l quantize -x -a "$types" -d 'type of the model'

complete -c puna -n '__fish_seen_subcommand_from show' -l license -d 'the licence'
complete -c puna -n '__fish_seen_subcommand_from show' -l modelfile -d 'the Modelfile'
complete -c puna -n '__fish_seen_subcommand_from show' -l parameters -d 'the parameters'
complete -c puna -n '__fish_seen_subcommand_from show' -l system -d 'the system message'
complete -c puna -n '__fish_seen_subcommand_from show' -l template -d 'the template'
complete -c puna -n '__fish_seen_subcommand_from show' -s v -l verbose -d everything

complete -c puna -n '__fish_seen_subcommand_from list ls' -s v -l verbose -d 'own and shared bytes'
complete -c puna -n '__fish_seen_subcommand_from export' -s o -l output -r -F -d 'the archive'
complete -c puna -n '__fish_seen_subcommand_from import' -F
complete -c puna -n '__fish_seen_subcommand_from import' -l name -x -d 'name of the model'
complete -c puna -n '__fish_seen_subcommand_from verify' -l repair -d 'pull what is bad'
complete -c puna -n '__fish_seen_subcommand_from gc' -l dry-run -d 'only show what would go'
complete -c puna -n '__fish_seen_subcommand_from prune' -s f -l force -d 'do not ask'

complete -c puna -n '__fish_seen_subcommand_from create convert' -l imatrix -r -F -d 'the importance matrix'
complete -c puna -n '__fish_seen_subcommand_from create convert' -l tensor-type -x -d 'type of tensors by a regular expression'
complete -c puna -n '__fish_seen_subcommand_from create convert' -l output-tensor-type -x -d 'type of the output'
complete -c puna -n '__fish_seen_subcommand_from create convert' -l token-embedding-type -x -d 'type of the embeddings'
complete -c puna -n '__fish_seen_subcommand_from create convert' -l pure -d 'one type for all tensors'
complete -c puna -n '__fish_seen_subcommand_from convert' -s o -l output -r -F -d 'the GGUF file'
complete -c puna -n '__fish_seen_subcommand_from convert' -s q -l quantize -x -a "$types" -d 'type of the weights'
complete -c puna -n '__fish_seen_subcommand_from devices' -l json -d 'all that is known, as JSON'
