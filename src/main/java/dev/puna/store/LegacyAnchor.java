// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.MediaTypes;
import dev.puna.store.json.ManifestJson;
import java.util.ArrayList;

/**
 * What is written into the old folder beside a tag of the newer layout that was pulled: one manifest, which servers before 0.40 can run,
 * and as further layers of it the documents of the newer layout, so that those servers do not remove them. Source: addendum 1.6.
 */
final class LegacyAnchor {
    private LegacyAnchor() {}

    /**
     * The anchor's document.
     *
     * @param stored what the tag names
     * @param runner for which of its manifests, or the empty text for the best there is
     */
    static byte[] of(StoredManifests stored, String runner, Blobs blobs) {
        var entry = stored.select(runner);
        var document = stored.document();
        var kept = new ArrayList<Layer>();
        kept.add(layer(stored.isList() ? MediaTypes.MANIFEST_LIST : MediaTypes.MANIFEST, document));
        var isReference = stored.isList() && blobs.contains(entry.digest());
        if (isReference) {
            document = blobs.readDocument(entry.digest());
            kept.add(layer(MediaTypes.MANIFEST, document));
        }
        var isInline = stored.isList() && !isReference;
        var manifest = isInline ? entry.json() : ManifestJson.document(blobs.path(entry.digest()), document);
        return ManifestJson.canonical(manifest, kept, entry.runner(), entry.format());
    }

    private static Layer layer(String mediaType, byte[] document) {
        return Layer.of(mediaType, Digest.of(document), document.length);
    }
}
