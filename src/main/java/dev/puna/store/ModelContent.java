// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a model is made of, as it can be taken elsewhere. Of a list, what is not here is left out.
 *
 * @param name as the folders spell it
 * @param document the manifest, or the list; not changed by anybody
 * @param blobs every blob it needs, each once: manifests of a list, then configurations, then layers, with the sizes that manifests
 *     say
 */
public record ModelContent(ModelName name, byte[] document, List<Layer> blobs) {
    /** A manifest of the old layout may keep the list that it stands for, and a list keeps manifests. */
    private static final int DEEPEST = 2;

    /** Copies the list. */
    public ModelContent {
        blobs = List.copyOf(blobs);
    }

    static ModelContent of(ModelName name, StoredManifests stored, Blobs blobs) {
        var absent = stored.entries().stream()
                .filter(entry -> entry.manifest().isEmpty())
                .toList();
        var document = absent.isEmpty()
                ? stored.document()
                : stored.without(absent)
                        .orElseThrow(() -> new StoreFailure(
                                "none of the manifests of %s is here: pull it again".formatted(name.shortName())));
        var collected = new LinkedHashMap<Digest, Layer>();
        collect(stored, blobs, 0, collected);
        return new ModelContent(name, document, List.copyOf(collected.values()));
    }

    private static void collect(StoredManifests stored, Blobs blobs, int depth, Map<Digest, Layer> collected) {
        stored.local().stream()
                .filter(entry -> stored.isList() && blobs.contains(entry.digest()))
                .map(entry -> Layer.of(MediaTypes.MANIFEST, entry.digest(), blobs.size(entry.digest())))
                .forEach(child -> collected.putIfAbsent(child.digest(), child));
        var manifests = stored.local().stream()
                .flatMap(entry -> entry.manifest().stream())
                .toList();
        manifests.forEach(manifest -> collected.putIfAbsent(manifest.config().digest(), manifest.config()));
        for (var layer :
                manifests.stream().flatMap(one -> one.layers().stream()).toList()) {
            collected.putIfAbsent(layer.digest(), layer);
            if (MediaTypes.isDocument(layer.mediaType()) && blobs.contains(layer.digest()) && depth < DEEPEST) {
                var below = StoredManifests.read(
                        blobs.path(layer.digest()), blobs.readDocument(layer.digest()), blobs, _ -> Optional.empty());
                collect(below, blobs, depth + 1, collected);
            }
        }
    }
}
