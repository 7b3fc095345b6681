# SPDX-License-Identifier: Apache-2.0
# Lays out the root file system of an image; to be sourced.

# Who the server is in the image; the number that distroless images use for their "nonroot".
readonly uid=65532

fail() {
    printf 'container: %s\n' "$1" >&2
    exit 1
}

# make_rootfs FOLDER PROGRAM LIBS [VULKAN-DRIVER...]
make_rootfs() {
    local to=$1 program=$2 libs=$3 driver file
    shift 3
    rm -rf "$to"
    mkdir -p "$to"/{etc,proc,dev,sys,tmp,usr/bin,usr/lib/puna,usr/share/doc/puna,var/lib/puna/models}
    install -m 755 "$program" "$to/usr/bin/puna"
    # For tools that run "ollama pull" in the container.
    ln -s puna "$to/usr/bin/ollama"
    cp -RL "$libs/." "$to/usr/lib/puna/"
    cp "$root/LICENSE" "$to/usr/share/doc/puna/"
    printf 'puna:x:%d:%d:Puna:/var/lib/puna:/nonexistent\n' $uid $uid >"$to/etc/passwd"
    printf 'puna:x:%d:\n' $uid >"$to/etc/group"
    printf 'hosts: files dns\n' >"$to/etc/nsswitch.conf"
    for driver in "$@"; do
        copy_vulkan_driver "$to" "$driver"
    done
    # What libraries ask for is looked up here, where it is installed; the copies of Puna's own are not taken twice.
    while IFS= read -r file; do
        copy_runtime "$to" "$file"
    done < <(find "$to/usr/bin/puna" "$to/usr/lib/puna" ${drivers[@]+"$to/usr/lib/vulkan"} -type f \( -name 'puna' -o -name '*.so*' \) | sort)
    find "$to" -type d -exec chmod 755 {} +
    find "$to/usr/lib" "$to/etc" "$to/usr/share" -type f -exec chmod 644 {} +
    find "$to" -name 'ld-linux*' -type f -exec chmod 755 {} +
    chmod 1777 "$to/tmp"
    chmod 750 "$to/var/lib/puna" "$to/var/lib/puna/models"
    if ((EUID == 0)); then chown -R $uid:$uid "$to/var/lib/puna"; fi
}

# Copies all that FILE is linked with and that is not Puna's own, under the path where the linker of the image looks for it.
copy_runtime() {
    local to=$1 file=$2 name path
    while read -r name path; do
        case $path in
            "$to"/*) ;;
            /*)
                # The loader has its path in the executable; all else is found in the folders that it knows.
                [[ -e $to$path ]] || install -D -m 755 "$path" "$to$path"
                copy_terms "$to" "$path"
                ;;
            *)
                # The driver's own library belongs to the machine that runs the image, and is put in by its container runtime;
                # the libraries in fallback/ are tried last, and do no harm where they cannot be loaded.
                [[ $name == libcuda.so.1 || $file == */fallback/* ]] || fail "$(basename "$file") needs $name, which is not on this machine; install it, or name its folder in LD_LIBRARY_PATH."
                ;;
        esac
    done < <(LC_ALL=C ldd "$file" | awk '/=>/ { print $1, ($3 == "not" ? "none" : $3) } !/=>/ && $1 ~ /^\// { print $1, $1 }')
}

# The terms of a library that a package of Debian's brought.
copy_terms() {
    local to=$1 package
    package=$(dpkg -S "$(realpath "$2")" 2>/dev/null || dpkg -S "$2" 2>/dev/null) || return 0
    package=${package%%:*}
    [[ -e $to/usr/share/doc/$package ]] || install -D -m 644 "/usr/share/doc/$package/copyright" "$to/usr/share/doc/$package/copyright"
}

copy_vulkan_driver() {
    local to=$1 name=$2 manifest library
    manifest=$(compgen -G "/usr/share/vulkan/icd.d/${name}_icd*.json" | head -1) || fail "There is no Vulkan driver $name in /usr/share/vulkan/icd.d."
    library=$(sed -n 's/.*"library_path": *"\([^"]*\)".*/\1/p' "$manifest")
    [[ $library == /* ]] || library=$(ldconfig -p | awk -v name="$library" '$1 == name { print $NF; exit }')
    [[ -e $library ]] || fail "The library of Vulkan driver $name is not on this machine."
    install -D -m 644 "$library" "$to/usr/lib/vulkan/$(basename "$library")"
    mkdir -p "$to/usr/share/vulkan/icd.d"
    sed "s|\(\"library_path\": *\)\"[^\"]*\"|\1\"/usr/lib/vulkan/$(basename "$library")\"|" "$manifest" >"$to/usr/share/vulkan/icd.d/$(basename "$manifest")"
}
