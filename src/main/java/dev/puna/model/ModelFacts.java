// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a file of weights says about itself, in the words the rest of the server uses.
 *
 * @param kind what the file is for
 * @param architecture {@code general.architecture}
 * @param parameterCount number of weights in all tensors
 * @param fileType name of the quantisation, {@link FileType#UNKNOWN} when the file does not say
 * @param contextLength tokens the model was trained for
 * @param embeddingLength width of the model
 * @param blockCount number of layers
 * @param pooling whether the file says how to pool, which only embedding models do
 * @param ranking whether what is pooled is a score, as rerankers give
 * @param visionBlocks layers of the image encoder in this file, or 0
 * @param audioBlocks layers of the audio encoder in this file, or 0
 * @param audioEncoder whether a projector also hears
 * @param chatTemplate {@code tokenizer.chat_template}, a Jinja template
 */
public record ModelFacts(
        Kind kind,
        String architecture,
        long parameterCount,
        String fileType,
        OptionalLong contextLength,
        OptionalLong embeddingLength,
        OptionalLong blockCount,
        boolean pooling,
        boolean ranking,
        long visionBlocks,
        long audioBlocks,
        boolean audioEncoder,
        Optional<String> chatTemplate) {
    /** What a file of weights is for. */
    public enum Kind {
        /** A model that can be run by itself. */
        MODEL,
        /** Turns images or sound into embeddings for a model. */
        PROJECTOR,
        /** Changes a model's weights while it runs. */
        ADAPTER
    }

    /** Refuses null. */
    public ModelFacts {
        requireNonNull(kind, "kind is null");
        requireNonNull(architecture, "architecture is null");
        requireNonNull(fileType, "fileType is null");
        requireNonNull(contextLength, "contextLength is null");
        requireNonNull(embeddingLength, "embeddingLength is null");
        requireNonNull(blockCount, "blockCount is null");
        requireNonNull(chatTemplate, "chatTemplate is null");
    }
}
