// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static dev.puna.store.ManifestJson.field;
import static dev.puna.store.ManifestJson.text;

import dev.puna.failure.NotFound;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.Runners;
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

    private static final Path ORIGIN = Path.of("from the registry");

    /** An entry of a list: which manifest is for which runner. */
    public record Child(Digest digest, String runner) {}

    public ManifestDocument {
        children = List.copyOf(children);
    }

    /** Reads a document; one that makes no sense is a {@link StoreFailure} that says why. */
    public static ManifestDocument read(byte[] bytes) {
        var root = ManifestJson.document(ORIGIN, bytes);
        if (!text(root, "mediaType").equals(MediaTypes.MANIFEST_LIST)) {
            return new ManifestDocument(bytes, Optional.of(ManifestJson.manifest(ORIGIN, root)), List.of());
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
