// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.RankResult;
import dev.puna.failure.NativeFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * What an embedding model gives for texts, in their order.
 *
 * @param vectors as they come; changed by {@link #normalized}
 * @param tokens of all texts
 */
record RawVectors(List<float[]> vectors, int tokens) {
    RawVectors {
        vectors = List.copyOf(vectors);
    }

    /** As embeddings of length 1. */
    EmbeddingResult normalized() {
        vectors.forEach(RawVectors::normalize);
        return new EmbeddingResult(vectors, tokens);
    }

    /** As scores: the first number of each. */
    RankResult scores() {
        var scores = new ArrayList<Float>(vectors.size());
        for (var vector : vectors) {
            if (!Float.isFinite(vector[0])) {
                throw new NativeFailure("a score is NaN or Inf");
            }
            scores.add(vector[0]);
        }
        return new RankResult(scores, tokens);
    }

    private static void normalize(float[] raw) {
        var sum = 0.0;
        for (var value : raw) {
            sum += (double) value * value;
        }
        if (!Double.isFinite(sum)) {
            throw new NativeFailure("embedding contains NaN or Inf values");
        }
        var scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
        for (var i = 0; i < raw.length; i++) {
            raw[i] = (float) (raw[i] * scale);
        }
    }
}
