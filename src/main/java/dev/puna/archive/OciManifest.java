// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.go.GoJson;
import dev.puna.model.Layer;
import dev.puna.model.MediaTypes;
import dev.puna.store.ModelContent;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model as an OCI image manifest. Ollama's manifests are of Docker's type, in which skopeo accepts no layers but Docker's; in OCI's it
 * takes any. So that a model keeps its digest whatever program copies it, the manifest of the store stands in an annotation, and all
 * blobs that it or, if it is a list, its children need are layers. Source: OCI image-spec 1.1, manifest.md.
 */
final class OciManifest {
    static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

    private static final String ORIGINAL = "dev.puna.manifest";

    private OciManifest() {}

    static byte[] of(ModelContent model) {
        var config = model.blobs().stream()
                .filter(blob -> blob.mediaType().equals(MediaTypes.CONFIG))
                .findFirst()
                .orElseGet(() -> model.blobs().getFirst());
        var root = new LinkedHashMap<String, Object>();
        root.put("schemaVersion", 2);
        root.put("mediaType", TYPE);
        root.put("config", json(config));
        root.put(
                "layers",
                model.blobs().stream()
                        .filter(blob -> !blob.equals(config))
                        .map(OciManifest::json)
                        .toList());
        root.put("annotations", Map.of(ORIGINAL, new String(model.document(), UTF_8)));
        return GoJson.write(root).getBytes(UTF_8);
    }

    private static Map<String, Object> json(Layer blob) {
        var object = new LinkedHashMap<String, Object>();
        object.put("mediaType", blob.mediaType());
        object.put("digest", blob.digest().text());
        object.put("size", blob.size());
        return object;
    }

    /** The manifest that a document stands for, or the document itself if it stands for none. */
    static byte[] original(byte[] document) {
        try {
            var original =
                    new ObjectMapper().readTree(document).path("annotations").path(ORIGINAL);
            return original.isTextual() ? original.textValue().getBytes(UTF_8) : document;
        } catch (IOException _) {
            // What is wrong with it is said when it is read as a manifest.
            return document;
        }
    }
}
