// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.failure.InvalidRequest;
import dev.puna.model.AdapterScales;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.stream.IntStream;

/**
 * So many texts that their vectors are not held together: some at a time are embedded, the next when those have been taken.
 *
 * @param texts all of them
 * @param truncate whether one that is too long is cut
 * @param most tokens that a text too long is cut to
 * @param adapters which of the model's adapters count, and how much
 */
record EmbeddingParts(List<String> texts, boolean truncate, int most, AdapterScales adapters) {
    /** Texts that are embedded together. */
    static final int TOGETHER = 512;

    /** In UTF-8; a character outside the plane of 16 bits is two of Java's. */
    private static final long MOST_BYTES_OF_A_CHAR = 3;

    EmbeddingParts {
        texts = List.copyOf(texts);
    }

    /** The vectors, part by part; what is wrong with any text is said before the first. */
    Multi<EmbeddingResult> embedded(Engine engine) {
        var special = engine.tokenize("").size();
        if (!truncate) {
            requireShort(engine, "the input length exceeds the context length");
        } else if (most <= special) {
            requireShort(engine, "input after truncation exceeds maximum context length");
        }
        var starts = IntStream.iterate(0, start -> start < texts.size(), start -> start + TOGETHER);
        return Multi.createFrom()
                .items(starts.boxed())
                .onItem()
                .transformToUniAndConcatenate(start -> engine.embed(part(start)));
    }

    private EmbeddingRequest part(int start) {
        var end = Math.min(texts.size(), start + TOGETHER);
        return new EmbeddingRequest(texts.subList(start, end), truncate, most, adapters);
    }

    /** A text of fewer bytes than the context has tokens fits, with those that begin and end it. */
    private void requireShort(Engine engine, String refusal) {
        var longest = engine.facts().contextLength();
        for (var text : texts) {
            if (text.length() * MOST_BYTES_OF_A_CHAR > longest - 2
                    && engine.tokenize(text).size() > longest) {
                throw new InvalidRequest(refusal);
            }
        }
    }
}
