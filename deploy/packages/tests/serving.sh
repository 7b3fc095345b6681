# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# How the tests of packages run what is installed; to be sourced.

# A command that runs another, as somebody else.
as=()
server='' port=0 home='' program='' settings=()

fail() {
    printf 'FAILED: %s\n' "$1"
    if [[ -n ${2-} && -e $2 ]]; then tail -20 "$2"; fi
    exit 1
}

# puna COMMAND...: nothing of the caller's environment is seen.
puna() {
    timeout 120 env -i HOME="$home" PATH=/usr/bin:/bin PUNA_THREADS=1 PUNA_HOST="127.0.0.1:$port" ${settings[@]+"${settings[@]}"} \
        ${as[@]+"${as[@]}"} "$program" "$@"
}

# start_server HOME PROGRAM [NAME=VALUE...]
start_server() {
    local i
    home=$1 program=$2 settings=("${@:3}")
    port=$((20000 + RANDOM % 12000))
    log=$(mktemp)
    # Not by way of puna(): this process's number must be the server's own.
    env -i HOME="$home" PATH=/usr/bin:/bin PUNA_THREADS=1 PUNA_HOST="127.0.0.1:$port" ${settings[@]+"${settings[@]}"} \
        ${as[@]+"${as[@]}"} "$program" serve >"$log" 2>&1 &
    server=$!
    for ((i = 0; i < 300; i++)); do
        if puna ps >/dev/null 2>&1; then return; fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    fail "puna serve does not answer" "$log"
}

# answer_with MODEL: makes a model of the file and asks it.
answer_with() {
    local file
    file=$(mktemp)
    # Small models may repeat themselves for ever.
    printf 'FROM %s\nPARAMETER num_predict 32\n' "$1" >"$file"
    chmod 644 "$file"
    puna create tried -f "$file" >"$log.create" 2>&1 || fail "puna create" "$log.create"
    generate
    rm -f "$file" "$log.create"
}

generate() {
    puna run tried "Say hello in one word." >"$log.answer" 2>&1 || fail "puna run" "$log.answer"
    [[ -s $log.answer ]] || fail "the model says nothing" "$log"
    rm -f "$log.answer"
}

stop_server() {
    local status=0
    [[ -n $server ]] || return 0
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" || status=$?
    server=''
    ((status == 0)) || fail "puna serve ended with $status" "$log"
    rm -f "$log"
}
