# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # variables of the script that sources this
# Tarballs from the npm registry, checked against versions.env, and the source that lies in one of them; and that of libwebp.

source_folder="$cache/source/$LLAMA_COMMIT"

tarball_of() {
    local flat="${1#@}"
    printf '%s\n' "$cache/downloads/${flat//\//-}-$PACKAGE_VERSION.tgz"
}

# fetch PACKAGE: leaves the verified tarball at tarball_of PACKAGE.
fetch() {
    local package="$1" tarball fetched
    tarball="$(tarball_of "$package")"
    if [ -f "$tarball" ] && [ "$(sha512_of "$tarball")" = "${SHA512[$package]}" ]; then
        return
    fi
    rm -f "$tarball"
    need npm npm
    say "fetching $package $PACKAGE_VERSION"
    mkdir -p "$cache/downloads"
    fetched="$(mktemp -d "$work/fetch.XXXXXX")"
    quietly "Fetching $package $PACKAGE_VERSION with npm" npm-pack \
        npm pack --silent --ignore-scripts --pack-destination "$fetched" "$package@$PACKAGE_VERSION"
    if [ "$(sha512_of "$fetched"/*.tgz)" != "${SHA512[$package]}" ]; then
        rm -rf "$fetched"
        die "The tarball of $package $PACKAGE_VERSION does not have the sha512 recorded in native-libs/versions.env," \
            "so it was not used."
    fi
    mv "$fetched"/*.tgz "$tarball"
    rm -rf "$fetched"
}

# unpack_libraries PACKAGE FOLDER: the shared libraries, with their subfolders, without the addon for Node.
unpack_libraries() {
    local package="$1" folder="$2" unpacked
    unpacked="$(mktemp -d "$work/unpack.XXXXXX")"
    tar -xzf "$(tarball_of "$package")" -C "$unpacked"
    mkdir -p "$folder"
    (cd "$unpacked"/package/bins/* && find . -name '*.so' -print0 | tar -cf - --null -T -) | tar -xf - -C "$folder"
    cp "$unpacked/package/LICENSE" "$folder/LICENSE.${package##*/}"
    rm -rf "$unpacked"
}

# The source of exactly the prebuilt libraries: a git bundle inside the npm package.
ensure_source() {
    if [ -f "$source_folder/include/llama.h" ]; then
        return
    fi
    need git git tar tar
    fetch "$SOURCE_PACKAGE"
    say "unpacking the llama.cpp source"
    local unpacked clone
    mkdir -p "$cache/source"
    unpacked="$(mktemp -d "$work/source.XXXXXX")"
    tar -xzf "$(tarball_of "$SOURCE_PACKAGE")" -C "$unpacked" package/llama/gitRelease.bundle
    clone="$unpacked/clone"
    quietly "Unpacking the source" git-clone git clone --quiet "$unpacked/package/llama/gitRelease.bundle" "$clone"
    [ "$(git -C "$clone" rev-parse HEAD)" = "$LLAMA_COMMIT" ] ||
        die "The source in $SOURCE_PACKAGE $PACKAGE_VERSION is not the commit recorded in native-libs/versions.env."
    # Another run may have been faster.
    mv -T "$clone" "$source_folder" 2> /dev/null || [ -f "$source_folder/include/llama.h" ]
    rm -rf "$unpacked"
}

webp_folder="$cache/source/webp-${WEBP_SHA512:0:16}"

# ensure_webp: libwebp's source at $webp_folder; false, with a sentence, where there is no Go to fetch it with.
ensure_webp() {
    if [ -f "$webp_folder/src/webp/decode.h" ]; then
        return
    fi
    if ! command -v go > /dev/null 2>&1; then
        say "go is not installed here, so libwebp is not fetched and WebP pictures will be refused: apt-get install golang-go"
        return 1
    fi
    say "fetching $WEBP_MODULE $WEBP_MODULE_VERSION"
    local modules="$work/go-modules" module="$WEBP_MODULE@$WEBP_MODULE_VERSION" zip
    mkdir -p "$modules" "$cache/source"
    (
        cd "$modules"
        quietly "Fetching $module with go" go-download \
            env GO111MODULE=on GOFLAGS=-modcacherw GOMODCACHE="$modules" go mod download "$module"
    )
    zip="$modules/cache/download/$WEBP_MODULE/@v/$WEBP_MODULE_VERSION.zip"
    [ "$(sha512_of "$zip")" = "$WEBP_SHA512" ] ||
        die "The source of $module does not have the sha512 recorded in native-libs/versions.env, so it was not used."
    mv -T "$modules/$module/$WEBP_FOLDER" "$webp_folder" 2> /dev/null || [ -f "$webp_folder/src/webp/decode.h" ]
    rm -rf "$modules"
}
