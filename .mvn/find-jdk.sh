# SPDX-License-Identifier: Apache-2.0
# Sourced by mvnw and puna (bash 3.2 or newer). Sets PUNA_JDK to the home of a JDK that is new enough, without starting
# a JVM where the JDK's own "release" file already tells its version.

PUNA_JAVA_NEEDED=25

# Prints the major version of the Java installation in $1, or nothing.
puna_java_major() {
    local home=$1 line version=
    [[ -x $home/bin/java ]] || return 0
    if [[ -r $home/release ]]; then
        while IFS= read -r line || [[ -n $line ]]; do
            if [[ $line == JAVA_VERSION=* ]]; then
                version=${line#JAVA_VERSION=}
                version=${version//[\"$'\r']/}
                break
            fi
        done <"$home/release"
    fi
    if [[ -z $version ]]; then
        line=$("$home/bin/java" -version 2>&1 </dev/null)
        [[ $line =~ version\ \"([^\"]+)\" ]] && version=${BASH_REMATCH[1]}
    fi
    version=${version%%[!0-9]*}
    printf '%s' "$version"
}

# True if $1 is the home of a JDK (with a compiler) of the needed version or newer.
puna_is_jdk() {
    local major
    [[ -x $1/bin/javac ]] || return 1
    major=$(puna_java_major "$1")
    [[ -n $major ]] && ((major >= PUNA_JAVA_NEEDED))
}

# Prints the home of the java on the PATH, following links.
puna_java_on_path() {
    local file target hops=0
    file=$(type -P java) || return 0
    while [[ -L $file && hops -lt 20 ]]; do
        target=$(readlink "$file")
        [[ $target == /* ]] || target=${file%/*}/$target
        file=$target
        hops=$((hops + 1))
    done
    printf '%s' "$(cd -P "${file%/*}/.." 2>/dev/null && pwd)"
}

# Sets PUNA_JDK, or prints one sentence and returns 1.
puna_find_jdk() {
    local candidate
    if [[ -n ${PUNA_JAVA_HOME-} ]]; then
        PUNA_JDK=$PUNA_JAVA_HOME
        puna_is_jdk "$PUNA_JDK" && return 0
        printf 'puna: PUNA_JAVA_HOME=%s is not a JDK %s or newer; point it at one or unset it.\n' \
            "$PUNA_JAVA_HOME" "$PUNA_JAVA_NEEDED" >&2
        return 1
    fi
    for candidate in "${JAVA_HOME-}" "$(puna_java_on_path)" \
        /usr/lib/jvm/* "${HOME-}"/.sdkman/candidates/java/* /opt/* \
        "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [[ -n $candidate ]] && puna_is_jdk "$candidate"; then
            PUNA_JDK=$candidate
            return 0
        fi
    done
    if [[ -x /usr/libexec/java_home ]]; then
        PUNA_JDK=$(/usr/libexec/java_home -v "$PUNA_JAVA_NEEDED+" 2>/dev/null)
        [[ -n $PUNA_JDK ]] && puna_is_jdk "$PUNA_JDK" && return 0
    fi
    printf 'puna: no JDK %s or newer was found; install one (Debian: openjdk-%s-jdk-headless or temurin-%s-jdk) or set PUNA_JAVA_HOME to its folder.\n' \
        "$PUNA_JAVA_NEEDED" "$PUNA_JAVA_NEEDED" "$PUNA_JAVA_NEEDED" >&2
    return 1
}
