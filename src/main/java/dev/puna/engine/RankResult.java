// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.List;

/**
 * Scores in the order of their documents.
 *
 * @param scores as the model gives them: the higher the better, in a range of its own
 * @param promptTokens tokens of all pairs of query and document together
 */
public record RankResult(List<Float> scores, int promptTokens) {

    public RankResult {
        scores = List.copyOf(scores);
    }
}
