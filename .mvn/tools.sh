# SPDX-License-Identifier: Apache-2.0
# Sourced by mvnw, puna and .ci/run (bash 3.2 or newer), after find-jdk.sh and with root set: names all that a build needs and that is
# not here, in one sentence, before anything begins.

# What mvnw fetches once.
PUNA_MAVEN_VERSION=3.9.15
PUNA_MAVEN_SHA512=33d81e0ec785f0207e3e5e3ffb61863e1dca5784c15ac3fb5ff105f69cffbea484eb8d473ea60467a63f7b0570eef8622f2fed8eee96acbe668aa313391cddb3

puna_cache=${XDG_CACHE_HOME:-${HOME:-~}/.cache}/puna

# puna_missing PART...: prints "NAME PACKAGE" (of Debian) for each program that a part needs and that is not here. Parts are maven
# (what fetches the pinned one), native-libs, pip, npm and curl. One that two parts need is printed twice.
puna_missing() {
    local part
    for part in "$@"; do
        case $part in
            maven) puna_has_maven || echo Maven maven ;;
            native-libs) "$root/native-libs/prepare" --missing 2>/dev/null || true ;;
            pip) puna_has_pip || echo pip python3-pip ;;
            npm | curl) type -P "$part" >/dev/null || echo "$part" "$part" ;;
        esac
    done
}

# puna_require_tools WHO PART...: returns 1 after a sentence that names what is missing. A JDK is always needed, and PUNA_JDK is set to
# it.
puna_require_tools() {
    local who=$1 tool package missing=() packages=() jdk_missing=false
    shift
    if [[ -n ${PUNA_JAVA_HOME-} ]]; then
        puna_find_jdk || return 1
    elif ! puna_find_jdk 2>/dev/null; then
        jdk_missing=true
        missing+=("a JDK $PUNA_JAVA_NEEDED or newer")
    fi
    while read -r tool package; do
        [[ " ${packages[*]-} " != *" $package "* ]] || continue
        missing+=("$tool")
        packages+=("$package")
    done < <(puna_missing "$@")
    ((${#missing[@]} > 0)) || return 0
    printf '%s: missing here: %s; %s\n' "$who" "$(puna_listed "${missing[@]}")" \
        "$(puna_how_to_install "$jdk_missing" ${packages[@]+"${packages[@]}"})" >&2
    return 1
}

# The pinned Maven is in the cache of the user, or there is another to fetch it.
puna_has_maven() {
    [[ -x $puna_cache/apache-maven-$PUNA_MAVEN_VERSION/bin/mvn ]] || type -P mvn >/dev/null
}

puna_has_pip() {
    type -P pip >/dev/null || type -P pip3 >/dev/null || python3 -c 'import pip' 2>/dev/null
}

# Prints "a, b and c".
puna_listed() {
    local words=$1
    shift
    while (($# > 1)); do
        words+=", $1"
        shift
    done
    printf '%s' "$words${1:+ and $1}"
}

# puna_how_to_install JDK_MISSING PACKAGE...: one command where the system has apt, and where a JDK comes from that it has not.
puna_how_to_install() {
    local jdk_missing=$1 jdk='' as='' command=''
    shift
    local elsewhere="Eclipse Temurin is one for every system (https://adoptium.net/installation/linux/, package temurin-$PUNA_JAVA_NEEDED-jdk), and one that is only unpacked is found through PUNA_JAVA_HOME=its folder"
    if ! type -P apt-get >/dev/null; then
        printf '%s' "install what is missing with the package manager of this system"
        ! $jdk_missing || printf ' (the JDK: %s)' "$elsewhere"
        printf '.'
        return
    fi
    if $jdk_missing; then
        jdk=$(puna_jdk_package)
        [[ -z $jdk ]] || set -- "$@" "$jdk"
    fi
    if ((EUID != 0)); then as='sudo '; fi
    if (($# > 0)); then
        command="${as}apt-get update && ${as}apt-get install -y $*"
        if [[ $(puna_release) == ubuntu* ]] && ! puna_apt_reads universe; then
            command="${as}apt-get update && ${as}apt-get install -y software-properties-common && ${as}add-apt-repository -y universe && $command"
        fi
    fi
    if ! $jdk_missing || [[ -n $jdk ]]; then
        printf 'install with: %s' "$command"
    elif [[ -n $command ]]; then
        printf 'install all but the JDK, which this system has no package of, with: %s (the JDK: %s).' "$command" "$elsewhere"
    else
        printf 'this system has no package of it: %s.' "$elsewhere"
    fi
}

# Prints the package that brings the JDK, or nothing: one that apt knows of, or that the release is known to have, since the lists of
# a fresh system are empty or old.
puna_jdk_package() {
    local package
    for package in "openjdk-$PUNA_JAVA_NEEDED-jdk-headless" "temurin-$PUNA_JAVA_NEEDED-jdk"; do
        if puna_apt_has "$package"; then
            printf '%s' "$package"
            return
        fi
    done
    case $(puna_release) in
        'debian 13') ;;
        'ubuntu 24.04') puna_apt_reads -updates || return 0 ;;
        *) return 0 ;;
    esac
    printf 'openjdk-%s-jdk-headless' "$PUNA_JAVA_NEEDED"
}

# Prints the distribution and its version, such as "debian 13".
puna_release() {
    (
        ID='' VERSION_ID=''
        [[ ! -r /etc/os-release ]] || source /etc/os-release
        printf '%s %s' "$ID" "$VERSION_ID"
    )
}

# True if a suite or component with this in its name is among apt's sources.
puna_apt_reads() {
    grep -rqs -e "^[^#].*$1" /etc/apt/sources.list /etc/apt/sources.list.d
}

puna_apt_has() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep '^  Candidate: [^(]' >/dev/null
}
