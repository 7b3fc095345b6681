# SPDX-License-Identifier: Apache-2.0
# Writes a root file system as an OCI image of one layer, by the image layout 1.0.0; to be sourced.

# add_blob LAYOUT FILE: moves a file to where its digest says, and prints "digest size".
add_blob() {
    local sum size
    sum=$(sha256sum "$2" | cut -d' ' -f1)
    size=$(stat -c %s "$2")
    mv "$2" "$1/blobs/sha256/$sum"
    printf 'sha256:%s %s\n' "$sum" "$size"
}

# reproducible_tar FOLDER [OPTION...]: to standard output, owners and times apart from where and when it was made.
reproducible_tar() {
    local from=$1
    shift
    tar -C "$from" --sort=name --format=posix --pax-option=delete=atime,delete=ctime --numeric-owner \
        --mtime="@${SOURCE_DATE_EPOCH:-0}" --no-acls --no-xattrs "$@"
}

# write_image ROOTFS ARCHIVE TAG ARCHITECTURE VARIANT
write_image() {
    local rootfs=$1 archive=$2 tag=$3 architecture=$4 variant=$5
    local work layout diff created extra='' layer config manifest
    work=$(mktemp -d "$(dirname "$archive")/oci.XXXXXX")
    layout=$work/layout
    mkdir -p "$layout/blobs/sha256"
    created=$(date -u -d "@${SOURCE_DATE_EPOCH:-0}" +%Y-%m-%dT%H:%M:%SZ)
    # What NVIDIA's container runtime reads to put the driver in.
    case $variant in
        cuda) extra='"NVIDIA_VISIBLE_DEVICES=all", "NVIDIA_DRIVER_CAPABILITIES=compute,utility", ' ;;
        vulkan) extra='"NVIDIA_VISIBLE_DEVICES=all", "NVIDIA_DRIVER_CAPABILITIES=compute,graphics,utility", ' ;;
        cpu) ;;
    esac

    {
        reproducible_tar "$rootfs" --owner=0 --group=0 --exclude=./var/lib/puna --create .
    } >"$work/layer.tar"
    reproducible_tar "$rootfs" --owner=$uid --group=$uid --append --file "$work/layer.tar" ./var/lib/puna
    diff=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
    gzip -n -6 "$work/layer.tar"
    layer=$(add_blob "$layout" "$work/layer.tar.gz")

    cat >"$work/config" <<JSON
{
  "created": "$created",
  "architecture": "$architecture",
  "os": "linux",
  "config": {
    "User": "$uid:$uid",
    "Env": [${extra}"PATH=/usr/bin", "LANG=C.UTF-8", "HOME=/var/lib/puna", "OLLAMA_HOST=0.0.0.0:11434",
      "OLLAMA_MODELS=/var/lib/puna/models", "PUNA_NATIVE_LIBS=/usr/lib/puna"],
    "Entrypoint": ["/usr/bin/puna"],
    "Cmd": ["serve"],
    "WorkingDir": "/var/lib/puna",
    "ExposedPorts": {"11434/tcp": {}},
    "Volumes": {"/var/lib/puna": {}},
    "StopSignal": "SIGTERM",
    "Healthcheck": {"Test": ["CMD", "/usr/bin/puna", "ps"], "Interval": 30000000000, "Timeout": 5000000000, "Retries": 3},
    "Labels": {"org.opencontainers.image.title": "Puna", "org.opencontainers.image.licenses": "Apache-2.0"}
  },
  "rootfs": {"type": "layers", "diff_ids": ["sha256:$diff"]},
  "history": [{"created": "$created", "created_by": "deploy/container/build --variant $variant"}]
}
JSON
    config=$(add_blob "$layout" "$work/config")
    cat >"$work/manifest" <<JSON
{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "${config% *}", "size": ${config#* }},
  "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "${layer% *}", "size": ${layer#* }}]
}
JSON
    manifest=$(add_blob "$layout" "$work/manifest")
    cat >"$layout/index.json" <<JSON
{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.index.v1+json",
  "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "${manifest% *}", "size": ${manifest#* },
    "annotations": {"org.opencontainers.image.ref.name": "$tag"}}]
}
JSON
    printf '{"imageLayoutVersion":"1.0.0"}\n' >"$layout/oci-layout"
    reproducible_tar "$layout" --owner=0 --group=0 --create . >"$archive"
    rm -rf "$work"
}
