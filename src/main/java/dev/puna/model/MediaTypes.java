// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

/** The media types of a manifest and its layers. Source: contract 3.3. */
public final class MediaTypes {
    public static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
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

    private MediaTypes() {}
}
