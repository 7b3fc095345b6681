// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static dev.puna.store.json.ManifestJson.text;
import static java.util.Objects.requireNonNull;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.store.json.ManifestJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model as others get it. Source: addendum 1.6 and 2.
 *
 * @param document its manifest, or list of manifests, byte for byte; not changed by anybody
 * @param mediaType of the document
 * @param blobs everything that the document needs, in the order in which it may go
 */
public record OutgoingModel(byte[] document, String mediaType, List<Layer> blobs) {
    private static final Path ORIGIN = Path.of("of the model");

    public OutgoingModel {
        requireNonNull(mediaType, "mediaType is null");
        blobs = List.copyOf(blobs);
    }

    static OutgoingModel of(StoredManifests stored, Blobs blobs) {
        return stored.isList() ? list(stored, blobs) : plain(stored);
    }

    private static OutgoingModel list(StoredManifests stored, Blobs blobs) {
        var needed = new ArrayList<Layer>();
        for (var entry : stored.entries()) {
            var manifest = entry.manifest()
                    .orElseThrow(() -> new StoreFailure(
                            "manifest child for runner \"%s\" is not local; pull it with --runner %s before pushing"
                                    .formatted(entry.runner(), entry.runner())));
            needed.addAll(own(manifest));
            Digest.tryParse(text(entry.json(), "digest"))
                    .ifPresent(digest -> needed.add(Layer.of(MediaTypes.MANIFEST, digest, blobs.size(digest))));
        }
        return new OutgoingModel(stored.document(), MediaTypes.MANIFEST_LIST, needed);
    }

    private static OutgoingModel plain(StoredManifests stored) {
        var manifest = stored.entries().getFirst().manifest().orElseThrow();
        var own = new Manifest(manifest.config(), manifest.ownLayers(), manifest.runner(), manifest.format());
        var type = text(ManifestJson.document(ORIGIN, stored.document()), "mediaType");
        // What keeps documents from removal here is nothing for others.
        var document = own.equals(manifest) ? stored.document() : ManifestJson.bytes(own);
        return new OutgoingModel(document, type.isEmpty() ? MediaTypes.MANIFEST : type, own(own));
    }

    private static List<Layer> own(Manifest manifest) {
        return manifest.blobs()
                .filter(layer -> !MediaTypes.isDocument(layer.mediaType()))
                .toList();
    }
}
