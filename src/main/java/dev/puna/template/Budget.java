// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.failure.InvalidRequest;
import java.time.Duration;

/**
 * What one rendering may use. Real prompts are far from it; a template that runs away is stopped by it.
 *
 * <p>Used by one thread.
 */
final class Budget {
    /** Bytes of text: more than the longest context of any model takes. */
    static final int MOST_TEXT = 16 << 20;

    /** Blocks, parentheses and templates inside each other. */
    static final int DEEPEST = 500;

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int STEPS_BETWEEN_LOOKS = 1024;

    private final long deadline = System.nanoTime() + LONGEST.toNanos();
    private int steps;
    private int depth;

    /** Counts one step of work; now and then looks at the clock. */
    void step() {
        if (++steps % STEPS_BETWEEN_LOOKS == 0 && System.nanoTime() - deadline > 0) {
            throw new InvalidRequest("template: rendering takes longer than " + LONGEST.toSeconds() + " seconds");
        }
    }

    /** Goes a level deeper; false if that is too deep. */
    boolean enter() {
        return ++depth <= DEEPEST;
    }

    void leave() {
        depth--;
    }

    static InvalidRequest tooMuchText() {
        return new InvalidRequest("template: the text is longer than " + MOST_TEXT + " bytes");
    }
}
