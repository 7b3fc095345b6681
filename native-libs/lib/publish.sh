# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # variables of the script that sources this
# From libraries to the folder that is printed: finishing them, the stamp, the swap; and checking a given folder.

shim_abi() {
    sed -n 's/^#define PUNA_SHIM_ABI //p' "$here/shim/puna_shim.h"
}

process_abi() {
    sed -n 's/^#define PUNA_PROCESS_ABI //p' "$here/process/puna_process.h"
}

# Everything that decides what the folder holds, in one hash.
stamp_of() {
    {
        printf '%s\0' "$variant" "$source_tree" "${cmake_options[@]}"
        # A folder laid out without the compiler is incomplete, so it must not count once there is one.
        [ "$variant" != linux-arm64 ] || command -v aarch64-linux-gnu-g++ || true
        cat "$here/versions.env" "$here/lib/"*.sh "$here/mtmd/CMakeLists.txt" "$here/shim/CMakeLists.txt" \
            "$here/shim/exports.map" "$here/shim/"!(test).h "$here/shim/"!(test*|bench).cpp "$here/media/"* \
            "$here/process/"!(test*)
        # So does one without libwebp.
        command -v go > /dev/null 2>&1 || [ -f "$webp_folder/src/webp/decode.h" ] || printf 'no webp\n'
    } | sha256sum | cut -d ' ' -f 1
}

is_up_to_date() {
    [ -f "$output/VERSION" ] && grep -qxF "stamp $1" "$output/VERSION"
}

# The prebuilt libraries carry "$ORIGIN:" as RUNPATH. The empty part behind the colon means the current folder, from
# where no library must ever come, so the string ends before it.
end_runpath_at_origin() {
    local file="$1" offset
    # shellcheck disable=SC2016
    for offset in $(LC_ALL=C grep -aobF '$ORIGIN:' "$file" | cut -d : -f 1 || true); do
        printf '\0' | dd of="$file" bs=1 seek=$((offset + 7)) conv=notrunc status=none
    done
}

finish_libraries() {
    local folder="$1" strip=strip file
    if [ "$variant" = linux-arm64 ] && [ "$(uname -m)" != aarch64 ]; then
        strip=aarch64-linux-gnu-strip
    fi
    find "$folder" -name '*.so' | while read -r file; do
        chmod 755 "$file"
        if command -v "$strip" > /dev/null 2>&1; then
            "$strip" --strip-unneeded "$file"
        fi
        end_runpath_at_origin "$file"
    done
}

add_notices() {
    local folder="$1" tree="$2"
    mkdir -p "$folder/licenses"
    find "$folder" -maxdepth 1 -name 'LICENSE.*' -exec mv '{}' "$folder/licenses/" \;
    cp "$tree/LICENSE" "$folder/licenses/LICENSE.llama.cpp"
    cp "$tree/licenses/"* "$folder/licenses/"
}

# A line "CRC32 SIZE NAME" for each library, in hexadecimal digits: what gzip writes at the end, of the uncompressed file.
# Puna compares before it loads, since a library that is damaged inside would end the process.
note_checksums() {
    local folder="$1" file
    (
        cd "$folder"
        find . -name '*.so' | LC_ALL=C sort | while read -r file; do
            printf '%s %s\n' "$(gzip -1 -c "$file" | tail -c 8 | od -An -tx4 | sed 's/^ *//')" "${file#./}"
        done > CHECKSUMS
    )
}

write_version() {
    local folder="$1" stamp="$2" llama="$3"
    note_checksums "$folder"
    {
        printf 'llama.cpp %s\n' "$llama"
        printf 'shim-abi %s\n' "$(shim_abi)"
        printf 'variant %s\n' "$name"
        printf 'stamp %s\n' "$stamp"
    } > "$folder/VERSION"
}

# Sets tools to the pairs of programs and packages that making the folder takes.
tools_to_make() {
    local package
    tools=("${compiler_tools[@]}")
    [ -z "$source_tree" ] || return 0
    tools+=(tar tar)
    [ -f "$source_folder/include/llama.h" ] || tools+=(git git)
    for package in ${PACKAGES[$variant]} "$SOURCE_PACKAGE"; do
        [ "$package" != "$SOURCE_PACKAGE" ] || [ ! -f "$source_folder/include/llama.h" ] || continue
        if [ ! -f "$(tarball_of "$package")" ]; then
            tools+=(npm npm)
            break
        fi
    done
}

# What is missing to make a folder that is not there yet.
print_missing() {
    local stamp tools
    stamp="$(stamp_of)"
    if [ -n "$source_tree" ] || { ! is_up_to_date "$stamp" && [ ! -f "$cache/built/$stamp/VERSION" ]; }; then
        tools_to_make
        missing "${tools[@]}"
    fi
}

# make_folder FOLDER STAMP: everything, in an empty folder nobody looks at yet.
make_folder() {
    local folder="$1" stamp="$2" package tools
    tools_to_make
    need "${tools[@]}"
    mkdir "$folder"
    if [ -n "$source_tree" ]; then
        say "building llama.cpp from $source_tree, which takes a while"
        build_from_source "$folder"
        finish_libraries "$folder"
        add_notices "$folder" "$source_tree"
        write_version "$folder" "$stamp" "$(version_of_tree "$source_tree")"
        return
    fi
    for package in ${PACKAGES[$variant]}; do
        fetch "$package"
        unpack_libraries "$package" "$folder"
    done
    ensure_source
    build_against_prebuilt "$folder"
    finish_libraries "$folder"
    add_notices "$folder" "$source_folder"
    write_version "$folder" "$stamp" "$LLAMA_VERSION"
}

# Puts a complete copy of FOLDER in place of $output. Programs that use the old files keep them.
swap_in() {
    local folder="$1" parent fresh old
    parent="$(dirname "$output")"
    mkdir -p "$parent"
    fresh="$(mktemp -d "$parent/.fresh.XXXXXX")"
    temporary+=("$fresh")
    cp -R "$folder/." "$fresh/"
    chmod 755 "$fresh"
    if [ -e "$output" ]; then
        old="$(mktemp -d "$parent/.old.XXXXXX")"
        temporary+=("$old")
        mv "$output" "$old/"
    fi
    mv "$fresh" "$output"
}

# A tree of the user's may have changed in any file, so CMake decides there what is to be done.
bring_up_to_date() {
    local stamp built
    stamp="$(stamp_of)"
    if [ -z "$source_tree" ] && is_up_to_date "$stamp"; then
        return
    fi
    lock
    if [ -z "$source_tree" ] && is_up_to_date "$stamp"; then
        return
    fi
    built="$cache/built/$stamp"
    if [ -n "$source_tree" ] || [ ! -f "$built/VERSION" ]; then
        mkdir -p "$cache/built"
        make_folder "$work/folder" "$stamp"
        rm -rf "$built"
        mv "$work/folder" "$built"
    fi
    swap_in "$built"
    # Every change of the shim makes a folder here; the ones that nobody asked for in a month go.
    touch "$built"
    find "$cache/built" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf '{}' +
    say "ready: $output"
}

# check_given_folder FOLDER: says what is missing instead of letting a server find out later.
check_given_folder() {
    local folder="$1" part
    [ -d "$folder" ] || die "PUNA_NATIVE_LIBS names $folder, which is no folder."
    for part in libllama libggml libggml-base libllama-common libpuna-shim libpuna-process libggml-cpu; do
        compgen -G "$folder/$part.so" > /dev/null || compgen -G "$folder/$part.*.so" > /dev/null ||
            compgen -G "$folder/$part.dylib" > /dev/null || compgen -G "$folder/$part-*.so" > /dev/null ||
            die "PUNA_NATIVE_LIBS names $folder, which has no $part; native-libs/prepare makes a complete folder."
    done
    check_given_part "$folder" puna-shim "$(shim_abi)"
    check_given_part "$folder" puna-process "$(process_abi)"
}

# check_given_part FOLDER PART ABI: it carries a text that says which version it speaks.
check_given_part() {
    LC_ALL=C grep -qaF "$2 abi=$3 " "$1/lib$2".* ||
        die "PUNA_NATIVE_LIBS names $1, whose lib$2 is of another version than this Puna;" \
            "native-libs/prepare makes a matching folder."
}
