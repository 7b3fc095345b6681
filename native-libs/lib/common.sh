# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # variables of the script that sources this
# Messages, tools, the lock, and the removal of what an interrupted run leaves.

say() {
    printf 'native-libs: %s\n' "$*" >&2
}

die() {
    printf 'native-libs: %s\n' "$*" >&2
    exit 1
}

# Temporary places of this run; kept in one list because a trap has only one body.
temporary=()
remove_temporary() {
    [ ${#temporary[@]} -eq 0 ] || rm -rf "${temporary[@]}"
}
trap remove_temporary EXIT
trap 'printf "native-libs: stopped by a failing command: %s\n" "$BASH_COMMAND" >&2' ERR
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# missing TOOL PACKAGE ...: prints "TOOL PACKAGE" for each that is not here.
missing() {
    while [ $# -gt 0 ]; do
        command -v "$1" > /dev/null 2>&1 || printf '%s %s\n' "$1" "$2"
        shift 2
    done
}

# need TOOL PACKAGE ...: one sentence for all that is missing.
need() {
    local missing_tools=() missing_packages=() tool package
    while read -r tool package; do
        missing_tools+=("$tool")
        missing_packages+=("$package")
    done < <(missing "$@")
    [ ${#missing_tools[@]} -eq 0 ] ||
        die "Preparing the native libraries needs programs that are missing here (${missing_tools[*]}):" \
            "apt-get install ${missing_packages[*]}"
}

# Runs a command with its output in a log, which is shown only when the command fails.
quietly() {
    local what="$1" log="$cache/log/$2.log"
    shift 2
    mkdir -p "$cache/log"
    if ! "$@" > "$log" 2>&1; then
        tail -n 15 "$log" >&2
        die "$what failed; all of its output is in $log."
    fi
}

sha512_of() {
    sha512sum "$1" | cut -d ' ' -f 1
}

# One run at a time per kind of folder: the second waits and then finds everything done. What lies in $work then is of
# runs that were killed.
lock() {
    mkdir -p "$cache"
    if command -v flock > /dev/null 2>&1; then
        exec 9> "$cache/lock-$name"
        flock --nonblock 9 || { say "waiting for another run that makes $name" && flock 9; }
    fi
    work="$cache/work/$name"
    temporary+=("$work")
    rm -rf "$work"
    mkdir -p "$work"
}
