// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.Set;

/** The media types of a manifest and its layers. Source: contract 3.3, addendum 1.5. */
public final class MediaTypes {
    public static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    /** Several manifests of one name, each for a runner of its own. */
    public static final String MANIFEST_LIST = "application/vnd.ollama.manifest.list.v2+json";

    public static final String CONFIG = "application/vnd.docker.container.image.v1+json";
    public static final String MODEL = "application/vnd.ollama.image.model";
    public static final String PROJECTOR = "application/vnd.ollama.image.projector";
    public static final String ADAPTER = "application/vnd.ollama.image.adapter";
    public static final String DRAFT = "application/vnd.ollama.image.draft";
    public static final String TEMPLATE = "application/vnd.ollama.image.template";
    /** What {@link #TEMPLATE} was called once; read, never written. */
    public static final String PROMPT = "application/vnd.ollama.image.prompt";

    public static final String SYSTEM = "application/vnd.ollama.image.system";
    public static final String PARAMS = "application/vnd.ollama.image.params";
    public static final String MESSAGES = "application/vnd.ollama.image.messages";
    public static final String LICENSE = "application/vnd.ollama.image.license";

    /** Embeddings that were stored with a model once; never used. */
    private static final String EMBED = "application/vnd.ollama.image.embed";
    /** One tensor of weights that are no GGUF, and a file that goes with them. */
    private static final String TENSOR = "application/vnd.ollama.image.tensor";

    private static final String JSON = "application/vnd.ollama.image.json";

    private static final Set<String> OF_LAYERS = Set.of(
            CONFIG, MODEL, PROJECTOR, ADAPTER, DRAFT, TEMPLATE, PROMPT, SYSTEM, PARAMS, MESSAGES, LICENSE, EMBED,
            TENSOR, JSON);

    private MediaTypes() {}

    /** Whether it is known what blobs of this kind hold. */
    public static boolean isKnown(String mediaType) {
        return OF_LAYERS.contains(mediaType) || isDocument(mediaType);
    }

    /** Whether a layer of this kind is no part of the model: it only keeps a document of another layout from removal. */
    public static boolean isDocument(String mediaType) {
        return mediaType.equals(MANIFEST) || mediaType.equals(MANIFEST_LIST);
    }
}
