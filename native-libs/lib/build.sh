# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # variables of the script that sources this
# What is compiled: what starts a child, and the shim, libmtmd and what we add to it against prebuilt libraries, or all of llama.cpp.

generator() {
    if command -v ninja > /dev/null 2>&1; then
        printf 'Ninja\n'
    else
        printf 'Unix Makefiles\n'
    fi
}

compiler_tools=(cmake cmake g++ g++ strip binutils)
command -v ninja > /dev/null 2>&1 || compiler_tools+=(make make)

need_compiler() {
    need "${compiler_tools[@]}"
}

# run_cmake WHAT BUILD_FOLDER ARGUMENT...: configure and build.
run_cmake() {
    local what="$1" build="$2"
    shift 2
    quietly "Configuring $what" "configure-$name" cmake -G "$(generator)" -B "$build" -DCMAKE_BUILD_TYPE=Release "$@"
    quietly "Building $what" "build-$name" nice -n 10 cmake --build "$build" --parallel "$(nproc)"
}

# The version that llama_version() of a source tree answers.
version_of_tree() {
    local numbers
    numbers="$(sed -n 's/^set(LLAMA_VERSION_\(MAJOR\|MINOR\|PATCH\) \([0-9]*\))$/\2/p' "$1/CMakeLists.txt" | paste -sd .)"
    if [[ " ${cmake_options[*]:-} " == *" -DLLAMA_BUILD_IS_DEV=OFF "* ]]; then
        printf '%s\n' "$numbers"
    else
        printf '%s-dev\n' "$numbers"
    fi
}

# build_part PART SOURCE LIBRARIES VERSION CMAKE_ARGUMENT...: compiles libPART and puts it beside the libraries.
build_part() {
    local part="$1" tree="$2" libraries="$3" version="$4" build
    shift 4
    say "building lib$part"
    build="$work/$part"
    run_cmake "lib$part" "$build" -S "$here/${part#puna-}" -DPUNA_LLAMA_SOURCE="$tree" -DPUNA_LLAMA_LIBS="$libraries" \
        -DPUNA_LLAMA_VERSION="$version" "$@"
    find "$build" \( -name "lib$part.so" -o -name "lib$part.dylib" \) -exec cp '{}' "$libraries/" \;
    rm -rf "$build"
}

# libmtmd takes longest to compile and changes only with llama.cpp, so it is kept by itself.
build_mtmd_once() {
    local libraries="$1" hash kept
    shift
    hash="$(printf '%s\0' "$LLAMA_COMMIT" "$variant" | cat - "$here/mtmd/CMakeLists.txt" | sha256sum)"
    kept="$cache/built/mtmd-${hash:0:16}.so"
    if [ ! -f "$kept" ]; then
        build_part mtmd "$source_folder" "$libraries" "$LLAMA_VERSION" "$@"
        cp "$libraries/libmtmd.so" "$kept.fresh"
        mv "$kept.fresh" "$kept"
    fi
    cp "$kept" "$libraries/libmtmd.so"
}

# build_media SOURCE LIBRARIES VERSION CMAKE_ARGUMENT...: libpuna-media, after libmtmd and the shim, against which it links.
build_media() {
    local tree="$1" libraries="$2" version="$3" webp=""
    shift 3
    if ensure_webp; then
        webp="$webp_folder"
        cp "$webp/COPYING" "$libraries/LICENSE.libwebp"
    fi
    build_part puna-media "$tree" "$libraries" "$version" "-DPUNA_WEBP_SOURCE=$webp" "$@"
}

# Cross compiling for arm64 needs its compiler; without it the prebuilt libraries are laid out alone.
build_against_prebuilt() {
    local libraries="$1" cross=()
    if [ "$variant" = linux-arm64 ] && [ "$(uname -m)" != aarch64 ]; then
        if ! command -v aarch64-linux-gnu-g++ > /dev/null 2>&1; then
            say "libpuna-process, libpuna-shim, libmtmd and libpuna-media for arm64 are missing from this folder, because" \
                "aarch64-linux-gnu-g++ is not installed here: apt-get install g++-aarch64-linux-gnu"
            return
        fi
        cross=(-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64
            -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++)
    fi
    build_part puna-process "$source_folder" "$libraries" "$LLAMA_VERSION" "${cross[@]}"
    build_mtmd_once "$libraries" "${cross[@]}"
    build_part puna-shim "$source_folder" "$libraries" "$LLAMA_VERSION" "${cross[@]}"
    build_media "$source_folder" "$libraries" "$LLAMA_VERSION" "${cross[@]}"
}

# All of llama.cpp from the tree the user named, into FOLDER. Plugins for every CPU, chosen at run time, so that the
# result runs on other machines too; OpenMP off, because its waiting threads cost a server more than they bring.
build_from_source() {
    local folder="$1" build
    build="$cache/from-source/$(printf '%s\0' "$source_tree" "${cmake_options[@]}" | sha256sum | cut -c 1-16)"
    run_cmake "llama.cpp" "$build" -S "$source_tree" -DBUILD_SHARED_LIBS=ON -DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON \
        -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON "-DCMAKE_INSTALL_RPATH=\$ORIGIN" \
        -DGGML_BACKEND_DL=ON -DGGML_CPU_ALL_VARIANTS=ON -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF \
        -DLLAMA_BUILD_COMMON=ON -DLLAMA_BUILD_MTMD=ON -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF \
        -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF \
        "${cmake_options[@]}"
    mkdir -p "$folder"
    find "$build/bin" -maxdepth 1 -type f \( -name '*.so' -o -name '*.dylib' \) -exec cp '{}' "$folder/" \;
    build_part puna-process "$source_tree" "$folder" "$(version_of_tree "$source_tree")"
    build_part puna-shim "$source_tree" "$folder" "$(version_of_tree "$source_tree")"
    build_media "$source_tree" "$folder" "$(version_of_tree "$source_tree")"
}
