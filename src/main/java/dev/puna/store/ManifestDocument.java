// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static dev.puna.store.json.ManifestJson.field;
import static dev.puna.store.json.ManifestJson.text;

import dev.puna.failure.NotFound;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.Runners;
import dev.puna.store.json.ManifestJson;
import dev.puna.store.json.ManifestReferences;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A manifest, or a list of manifests for several runners, as a registry serves it. Source: contract 3.3, addendum 1.5 and 2.
 *
 * @param bytes as they were served; not changed by anybody
 * @param manifest itself, unless it is a list
 * @param children the entries of a list, in its order
 */
public record ManifestDocument(byte[] bytes, Optional<Manifest> manifest, List<Child> children) {
    /** The most bytes that such a document may have. */
    public static final int LONGEST = ManifestFolder.LONGEST;

    private static final String REGISTRY = "from the registry";
    private static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";

    /** An entry of a list: which manifest is for which runner. */
    public record Child(Digest digest, String runner) {}

    public ManifestDocument {
        children = List.copyOf(children);
    }

    /** Reads a document from a registry; one that makes no sense is a {@link StoreFailure} that says why. */
    public static ManifestDocument read(byte[] bytes) {
        return read(REGISTRY, bytes);
    }

    /**
     * Reads a document; one that makes no sense is a {@link StoreFailure} that says why.
     *
     * @param from where it is from, in words that follow "manifest"
     */
    public static ManifestDocument read(String from, byte[] bytes) {
        var origin = Path.of(from);
        var root = ManifestJson.document(origin, bytes);
        if (!text(root, "mediaType").equals(MediaTypes.MANIFEST_LIST)) {
            return new ManifestDocument(bytes, Optional.of(ManifestJson.manifest(origin, root)), List.of());
        }
        var children = new ArrayList<Child>();
        for (var entry : field(root, "manifests")) {
            var type = text(entry, "mediaType");
            if (type.equals(MediaTypes.MANIFEST_LIST)) {
                throw new StoreFailure("nested manifest lists are not supported");
            }
            if (type.isEmpty() || type.equals(MediaTypes.MANIFEST)) {
                var digest = Digest.tryParse(text(entry, "digest"))
                        .orElseThrow(() -> new StoreFailure("manifest list child is missing digest"));
                children.add(new Child(digest, Runners.normal(text(entry, "runner"))));
            }
        }
        return new ManifestDocument(bytes, Optional.empty(), children);
    }

    /**
     * The document as a store can keep it: as it is, or, where it has fields that are unknown here, the same manifest without them. One
     * with a layer of an unknown kind is a {@link StoreFailure}: it could name blobs in ways that nobody here sees.
     */
    public byte[] storable() {
        try {
            var _ = ManifestReferences.of(bytes);
            return bytes;
        } catch (StoreFailure e) {
            var plain = ManifestJson.bytes(
                    manifest.map(ManifestDocument::withKnownConfig).orElseThrow(() -> e));
            var _ = ManifestReferences.of(plain);
            return plain;
        }
    }

    /** Programs that make OCI manifests of others rename the kind of the configuration. */
    private static Manifest withKnownConfig(Manifest manifest) {
        var config = manifest.config();
        return config.mediaType().equals(OCI_CONFIG)
                ? new Manifest(
                        Layer.of(MediaTypes.CONFIG, config.digest(), config.size()),
                        manifest.layers(),
                        manifest.runner(),
                        manifest.format())
                : manifest;
    }

    /** The entry for a runner, or for the best one there is if none is asked for; none is {@link NotFound}. */
    public Child select(String asked) {
        var runners = asked.isEmpty() ? Runners.IN_ORDER : List.of(asked);
        return runners.stream()
                .flatMap(runner ->
                        children.stream().filter(child -> child.runner().equals(runner)))
                .findFirst()
                .orElseThrow(() -> StoredManifests.none(runners));
    }
}
