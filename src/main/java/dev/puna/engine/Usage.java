// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a generation took.
 *
 * @param promptTokens tokens of the prompt, those found in the cache among them
 * @param cachedTokens tokens of the prompt that were found in the cache
 * @param promptDuration from the sequence's first step to the first token
 * @param generatedTokens tokens sampled
 * @param generationDuration from the first token to the last
 * @param reasoningTokens those of the sampled tokens whose text is reasoning
 * @param stepRows of all steps in which a token was sampled, the tokens that were: by the sampled tokens that is how many
 *     sequences a step served
 */
public record Usage(
        int promptTokens,
        int cachedTokens,
        Duration promptDuration,
        int generatedTokens,
        Duration generationDuration,
        int reasoningTokens,
        int stepRows) {

    public Usage {
        requireNonNull(promptDuration, "promptDuration is null");
        requireNonNull(generationDuration, "generationDuration is null");
    }
}
