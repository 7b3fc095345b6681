// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the configuration blob of a model says, in the order in which it is written. A key that is absent from the file is
 * an empty text, list or Optional here, and the other way round. Source: contract 3.3.
 *
 * @param modelFormat {@code gguf} or {@code safetensors}
 * @param modelFamily architecture of the weights
 * @param modelFamilies architectures of the weights and the projectors
 * @param modelType number of parameters as people write it, {@code 134.52M}
 * @param fileType quantisation as people write it, {@code Q4_K_M}
 * @param renderer name of a built-in prompt renderer
 * @param parser name of a built-in output parser
 * @param requires lowest server version the model needs
 * @param remoteHost server that runs a remote model
 * @param remoteModel name of the model at that server
 * @param capabilities what the model can do, where its maker said so
 * @param contextLength context the model was trained for, in tokens
 * @param embeddingLength length of an embedding
 * @param baseName model this one was made from
 * @param draft description of a draft model, as parsed JSON
 * @param architecture {@code amd64}
 * @param os {@code linux}
 */
public record ModelConfig(
        String modelFormat,
        String modelFamily,
        List<String> modelFamilies,
        String modelType,
        String fileType,
        Optional<String> renderer,
        Optional<String> parser,
        Optional<String> requires,
        Optional<String> remoteHost,
        Optional<String> remoteModel,
        List<String> capabilities,
        OptionalLong contextLength,
        OptionalLong embeddingLength,
        Optional<String> baseName,
        Map<String, Object> draft,
        String architecture,
        String os) {
    /** Copies the lists, and the map in its order, which decides the digest. */
    public ModelConfig {
        requireNonNull(modelFormat, "modelFormat is null");
        requireNonNull(modelFamily, "modelFamily is null");
        modelFamilies = List.copyOf(modelFamilies);
        requireNonNull(modelType, "modelType is null");
        requireNonNull(fileType, "fileType is null");
        requireNonNull(renderer, "renderer is null");
        requireNonNull(parser, "parser is null");
        requireNonNull(requires, "requires is null");
        requireNonNull(remoteHost, "remoteHost is null");
        requireNonNull(remoteModel, "remoteModel is null");
        capabilities = List.copyOf(capabilities);
        requireNonNull(contextLength, "contextLength is null");
        requireNonNull(embeddingLength, "embeddingLength is null");
        requireNonNull(baseName, "baseName is null");
        draft = Collections.unmodifiableMap(new LinkedHashMap<>(draft));
        requireNonNull(architecture, "architecture is null");
        requireNonNull(os, "os is null");
    }

    /** Whether the weights are of the family that speaks the harmony format. */
    public boolean isGptOss() {
        return modelFamily.equals("gptoss") || modelFamily.equals("gpt-oss");
    }
}
