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
 * @param guessedTokens tokens that were guessed ahead and verified
 * @param acceptedTokens those of them that came true
 */
public record Usage(
        int promptTokens,
        int cachedTokens,
        Duration promptDuration,
        int generatedTokens,
        Duration generationDuration,
        int reasoningTokens,
        int stepRows,
        int guessedTokens,
        int acceptedTokens) {

    public Usage {
        requireNonNull(promptDuration, "promptDuration is null");
        requireNonNull(generationDuration, "generationDuration is null");
    }

    /** Without guesses. */
    public Usage(
            int promptTokens,
            int cachedTokens,
            Duration promptDuration,
            int generatedTokens,
            Duration generationDuration,
            int reasoningTokens,
            int stepRows) {
        this(
                promptTokens,
                cachedTokens,
                promptDuration,
                generatedTokens,
                generationDuration,
                reasoningTokens,
                stepRows,
                0,
                0);
    }

    /** The same with other numbers of tokens that were guessed, and that came true. */
    public Usage withGuesses(int guessed, int accepted) {
        return new Usage(
                promptTokens,
                cachedTokens,
                promptDuration,
                generatedTokens,
                generationDuration,
                reasoningTokens,
                stepRows,
                guessed,
                accepted);
    }
}
