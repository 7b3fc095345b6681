// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.store.ManifestDocument;
import dev.puna.store.ModelStore;
import java.util.ArrayList;
import java.util.List;

/**
 * One model of an archive, whose manifest has come.
 *
 * @param document the manifest or the list, as the store is to keep it; not changed by anybody
 * @param manifests it, or those of the list that have come
 * @param children the entries of a list
 */
record ArchivedModel(
        ModelStore store,
        ModelName name,
        Digest digest,
        byte[] document,
        List<Manifest> manifests,
        List<ManifestDocument.Child> children) {
    private static final String ORIGIN = "of the archive";

    ArchivedModel {
        manifests = List.copyOf(manifests);
        children = List.copyOf(children);
    }

    static ArchivedModel of(ModelStore store, ModelName name, Digest digest) {
        if (!store.contains(digest)) {
            throw new InvalidRequest("the archive lacks the manifest of '%s', %s%s: get it again"
                    .formatted(name.shortName(), LayoutIndex.BLOBS, digest.hex()));
        }
        try {
            var document = ManifestDocument.read(ORIGIN, OciManifest.original(store.document(digest)));
            var manifests = new ArrayList<>(document.manifest().stream().toList());
            for (var child : document.children()) {
                if (store.contains(child.digest())) {
                    ManifestDocument.read(ORIGIN, store.document(child.digest()))
                            .manifest()
                            .ifPresent(manifests::add);
                }
            }
            return new ArchivedModel(store, name, digest, document.storable(), manifests, document.children());
        } catch (StoreFailure e) {
            throw new InvalidRequest("'%s' of the archive is no model: %s".formatted(name.shortName(), e.text()));
        }
    }

    boolean lacksManifests() {
        return !children.stream().allMatch(child -> store.contains(child.digest()));
    }

    /** Every blob that is needed, some perhaps twice. */
    List<Layer> blobs() {
        var blobs = new ArrayList<Layer>();
        children.forEach(child -> blobs.add(Layer.of(MediaTypes.MANIFEST, child.digest(), 0)));
        manifests.forEach(manifest -> manifest.blobs().forEach(blobs::add));
        return List.copyOf(blobs);
    }

    /** Refuses a model that could not be run. */
    void requireWhole() {
        if (manifests.isEmpty()) {
            throw new InvalidRequest(
                    "the archive lacks every manifest of '%s': get it again".formatted(name.shortName()));
        }
        for (var manifest : manifests) {
            if (manifest.layers().isEmpty()) {
                throw new InvalidRequest(
                        "'%s' of the archive is no model: it has no layers".formatted(name.shortName()));
            }
            manifest.blobs().forEach(this::requireWhole);
            requireConfig(manifest);
        }
    }

    private void requireWhole(Layer blob) {
        if (!store.contains(blob.digest())) {
            throw new InvalidRequest("the archive lacks %s%s, which '%s' needs: get it again"
                    .formatted(LayoutIndex.BLOBS, blob.digest().hex(), name.shortName()));
        }
        if (store.sizeOf(blob.digest()) != blob.size()) {
            throw new InvalidRequest("'%s' of the archive is no model: %s has %d bytes and not %d as its manifest says"
                    .formatted(name.shortName(), blob.digest().text(), store.sizeOf(blob.digest()), blob.size()));
        }
    }

    private void requireConfig(Manifest manifest) {
        try {
            store.config(manifest);
        } catch (StoreFailure e) {
            throw new InvalidRequest("'%s' of the archive is no model: %s".formatted(name.shortName(), e.text()));
        }
    }
}
