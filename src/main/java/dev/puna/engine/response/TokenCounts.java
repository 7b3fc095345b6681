// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.Usage;
import java.time.Duration;
import java.util.List;

/** How many tokens an answer has so far, when they came, and how many are reasoning. Times are {@link System#nanoTime}. Not thread-safe. */
public final class TokenCounts {
    private final ReasoningTokens reasoning = new ReasoningTokens();
    private int cached;
    private long started;
    private int generated;
    private int stepRows;
    private long firstToken;
    private long lastToken;

    /**
     * The first step begins.
     *
     * @param found tokens of the prompt that were found in the cache
     */
    public void start(long now, int found) {
        cached = found;
        started = now;
    }

    /** Tokens of the prompt that were found in the cache. */
    public int cached() {
        return cached;
    }

    /** How far the prompt has been read. */
    public GenerationEvent.PromptProgress progress(int promptTokens, int decoded) {
        return new GenerationEvent.PromptProgress(
                promptTokens, cached, decoded, Duration.ofNanos(System.nanoTime() - started));
    }

    /**
     * A token has come.
     *
     * @param rows how many were sampled in the same step
     */
    public void came(long now, int rows) {
        stepRows += rows;
        if (generated == 0) {
            firstToken = now;
        }
        lastToken = now;
        generated++;
    }

    /** Takes note of what the tokens so far turned out to be. */
    public void note(List<GenerationEvent> events) {
        reasoning.note(events, generated);
    }

    /** The number of tokens so far. */
    public int generated() {
        return generated;
    }

    /** What the generation has taken. */
    public Usage usage(int promptTokens) {
        var promptEnd = generated == 0 ? System.nanoTime() : firstToken;
        return new Usage(
                promptTokens,
                cached,
                Duration.ofNanos(promptEnd - started),
                generated,
                Duration.ofNanos(lastToken - firstToken),
                reasoning.count(),
                stepRows);
    }
}
