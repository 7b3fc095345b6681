#compdef puna
# SPDX-License-Identifier: Apache-2.0
# Completion of puna for zsh: as _puna into a folder of $fpath, such as /usr/share/zsh/vendor-completions.

# The names of installed models; nothing where no server runs.
__puna_models() {
    local -a models
    models=(${(f)"$(puna list 2>/dev/null | awk 'NR > 1 { print $1 }')"})
    compadd -a models
}

__puna_running() {
    local -a models
    models=(${(f)"$(puna ps 2>/dev/null | awk 'NR > 1 { print $1 }')"})
    compadd -a models
}

__puna_commands() {
    local -a commands
    commands=(
        'serve:start the server'
        'start:start the server'
        'create:make a model'
        'show:tell about a model'
        'run:ask a model, or talk with it'
        'stop:take a model out of memory'
        'pull:fetch a model from a registry'
        'push:bring a model to a registry'
        'list:list the models'
        'ls:list the models'
        'ps:list the models in memory'
        'cp:copy a model'
        'rm:remove models'
        'export:write models into one archive'
        'import:read models from an archive'
        'verify:check the files of models'
        'gc:remove files that no model needs'
        'prune:remove interrupted downloads too'
        'convert:write safetensors as GGUF'
        'devices:list what models can run on'
        'help:tell about a command'
    )
    _describe -t commands command commands
}

_puna() {
    local context state line
    typeset -A opt_args
    local -a types=(F32 F16 BF16 Q4_K_S Q4_K_M Q8_0)

    _arguments -C '(-h --help)'{-h,--help}'[tell how it is used]' '(-v --version)'{-v,--version}'[tell the version]' \
        '--nowordwrap[leave long lines to the terminal]' '--verbose[tell how long answers took]' \
        '1: :__puna_commands' '*:: :->arguments'
    [[ $state == arguments ]] || return
    case $words[1] in
        run)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' \
                '--dimensions[length of an embedding]:length:' \
                '--format[form of the answer]:form:(json)' \
                '--hidethinking[leave thoughts out]' \
                '--insecure[allow a registry without TLS]' \
                '--keepalive[how long the model stays in memory]:duration:' \
                '--nowordwrap[leave long lines to the terminal]' \
                '--think=-[let the model think]::level:(true false high medium low)' \
                '--truncate[cut texts too long for an embedding]' \
                '--verbose[tell how long the answer took]' \
                '1:model:__puna_models' '*:prompt:_files'
            ;;
        create)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' \
                '--link[link files into the store in place of copies]' \
                '--draft-quantize[type of the draft model]:type:('"$types"')' \
                '--experimental[allow safetensors]' \
                '(-f --file)'{-f,--file}'[the Modelfile]:file:_files' \
                '(-q --quantize)'{-q,--quantize}'[type of the model]:type:('"$types"')' \
                '--imatrix[the importance matrix]:file:_files' '*--tensor-type[type of tensors by a regular expression]:rule:' \
                '--output-tensor-type[type of the output]:type:' '--token-embedding-type[type of the embeddings]:type:' \
                '--pure[one type for all tensors]' \
                '1:model:__puna_models'
            ;;
        show)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' \
                '--license[the licence]' '--modelfile[the Modelfile]' '--parameters[the parameters]' \
                '--system[the system message]' '--template[the template]' '(-v --verbose)'{-v,--verbose}'[everything]' \
                '1:model:__puna_models'
            ;;
        stop) _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '1:model:__puna_running' ;;
        pull | push)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '--insecure[allow a registry without TLS]' \
                '1:model:__puna_models'
            ;;
        cp) _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '1:model:__puna_models' '2:name:' ;;
        rm) _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '*:model:__puna_models' ;;
        list | ls)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '(-v --verbose)'{-v,--verbose}'[own and shared bytes]' \
                '1:beginning of a name:__puna_models'
            ;;
        export)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '(-o --output)'{-o,--output}'[the archive]:file:_files' \
                '*:model:__puna_models'
            ;;
        import)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '--name[name of the model]:name:' '1:archive:_files'
            ;;
        verify)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '--repair[pull what is bad]' \
                '--insecure[allow a registry without TLS]' '*:model:__puna_models'
            ;;
        gc) _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '--dry-run[only show what would go]' ;;
        prune) _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '(-f --force)'{-f,--force}'[do not ask]' ;;
        convert)
            _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '(-o --output)'{-o,--output}'[the GGUF file]:file:_files' \
                '(-q --quantize)'{-q,--quantize}'[type of the weights]:type:('"$types"')' \
                '--imatrix[the importance matrix]:file:_files' '*--tensor-type[type of tensors by a regular expression]:rule:' \
                '--output-tensor-type[type of the output]:type:' '--token-embedding-type[type of the embeddings]:type:' \
                '--pure[one type for all tensors]' \
                '1:directory:_files -/'
            ;;
        devices) _arguments '(-h --help)'{-h,--help}'[tell how it is used]' '--json[all that is known, as JSON]' ;;
        help) _arguments '1: :__puna_commands' ;;
        *) _arguments '(-h --help)'{-h,--help}'[tell how it is used]' ;;
    esac
}

_puna "$@"
