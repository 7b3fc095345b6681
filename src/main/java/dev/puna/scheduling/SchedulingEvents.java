// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import java.time.Duration;

/** What happens to models and answers, told to whoever counts. Called from any thread; must return at once. */
public interface SchedulingEvents {

    /** A model is ready for use; the time includes what making room took. */
    void loaded(String model, Duration took);

    /** A load failed or was given up. */
    void loadFailed(String model);

    /** The first piece of an answer came, that long after it was asked of the model. */
    void firstPiece(String model, Duration after);

    /**
     * An answer is complete.
     *
     * @param cachedTokens tokens of the prompt that were found in a cache
     */
    void answered(String model, int promptTokens, int cachedTokens, int generatedTokens);

    /**
     * The pieces of an answer, when it is complete.
     *
     * @param together how many sequences a step served on average
     * @param longestGap between two pieces
     */
    void streamed(String model, double together, Duration longestGap);

    /**
     * Tokens of an answer were guessed ahead.
     *
     * @param accepted those that came true
     */
    void guessed(String model, int tokens, int accepted);

    /** Embeddings are made. */
    void embedded(String model, int promptTokens);

    /** An answer or an embedding ended with a failure. */
    void failed(String model);
}
