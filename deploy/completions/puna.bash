# SPDX-License-Identifier: Apache-2.0
# Completion of puna for bash: into /usr/share/bash-completion/completions/puna, or sourced from ~/.bashrc.

# The names of installed models; nothing where no server runs.
__puna_models() {
    puna list 2>/dev/null | awk 'NR > 1 { print $1 }'
}

# The first word that is no flag is the command.
__puna_command() {
    local word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if [[ $word != -* ]]; then
            printf '%s' "$word"
            return
        fi
    done
}

__puna_complete() {
    local line=${COMP_LINE:0:COMP_POINT}
    # A colon separates words for bash, but a model's name has one: the whole word is completed, and what bash has of it is cut.
    local word=${line##*[[:space:]]} known=${COMP_WORDS[COMP_CWORD]}
    [[ $known != : ]] || known=
    local before=${word%"$known"} previous=${COMP_WORDS[COMP_CWORD - 1]} words
    COMPREPLY=()
    case $previous in
        -f | --file | -o | --output | --imatrix)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return
            ;;
        --format) words=json ;;
        -q | --quantize | --draft-quantize) words='F32 F16 BF16 Q4_K_S Q4_K_M Q8_0' ;;
        *)
            case $(__puna_command) in
                '') words='serve start create show run stop pull push list ls ps cp rm export import verify gc prune convert devices help --help --nowordwrap --verbose --version' ;;
                run) words="$(__puna_models) --dimensions --format --help --hidethinking --insecure --keepalive --nowordwrap --think --truncate --verbose" ;;
                create) words="$(__puna_models) --draft-quantize --experimental --file --help --imatrix --link --output-tensor-type --pure --quantize --tensor-type --token-embedding-type" ;;
                show) words="$(__puna_models) --help --license --modelfile --parameters --system --template --verbose" ;;
                stop) words="$(puna ps 2>/dev/null | awk 'NR > 1 { print $1 }') --help" ;;
                pull | push) words="$(__puna_models) --help --insecure" ;;
                list | ls) words="$(__puna_models) --help --verbose" ;;
                cp | rm) words="$(__puna_models) --help" ;;
                export) words="$(__puna_models) --help --output" ;;
                import)
                    if [[ $word != -* ]]; then
                        compopt -o filenames 2>/dev/null
                        mapfile -t COMPREPLY < <(compgen -f -- "$word")
                        return
                    fi
                    words='--help --name'
                    ;;
                verify) words="$(__puna_models) --help --insecure --repair" ;;
                gc) words='--dry-run --help' ;;
                prune) words='--force --help' ;;
                convert)
                    if [[ $word != -* ]]; then
                        compopt -o dirnames 2>/dev/null
                        mapfile -t COMPREPLY < <(compgen -d -- "$word")
                        return
                    fi
                    words='--help --imatrix --output --output-tensor-type --pure --quantize --tensor-type --token-embedding-type'
                    ;;
                devices) words='--help --json' ;;
                help) words='serve create show run stop pull push list ps cp rm export import verify gc prune convert devices' ;;
                *) words=--help ;;
            esac
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
}

complete -F __puna_complete puna
