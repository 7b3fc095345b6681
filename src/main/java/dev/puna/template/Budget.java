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
    /** Bytes of text that any rendering may make: more than most contexts take. */
    private static final int MOST_TEXT = 16 << 20;

    /** Blocks, parentheses and templates inside each other. */
    static final int DEEPEST = 500;

    private static final long BYTES_A_BYTE = 4;

    /** Texts of full length that functions may make in all. */
    private static final long TEXTS_MADE = 4;

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration LONGER_A_MIB = Duration.ofSeconds(1);
    private static final int STEPS_BETWEEN_LOOKS = 1024;

    private final Duration longest;
    private final long start = System.nanoTime();
    private final long mostText;
    private long made;
    private int steps;
    private int depth;

    Budget() {
        this(0);
    }

    /**
     * @param given bytes of what is rendered: a long conversation may make a long text, and take its time
     */
    Budget(long given) {
        this.mostText = MOST_TEXT + BYTES_A_BYTE * given;
        this.longest = LONGEST.plus(LONGER_A_MIB.multipliedBy(given >> 20));
    }

    /** Bytes of text that the whole may have. */
    int mostText() {
        return (int) Math.min(mostText, Integer.MAX_VALUE);
    }

    /** Counts a text that a function made: variables may hold on to all of them. */
    void made(long bytes) {
        made += bytes;
        if (made > TEXTS_MADE * mostText) {
            throw tooMuchText();
        }
    }

    /** Refuses to escape what could become too long by it: a letter becomes up to six. */
    void escapes(long bytes) {
        if (bytes > mostText / BYTES_A_BYTE) {
            throw tooMuchText();
        }
    }

    /** Counts one step of work; now and then looks at the clock. */
    void step() {
        if (++steps % STEPS_BETWEEN_LOOKS == 0 && System.nanoTime() - start > longest.toNanos()) {
            throw new InvalidRequest("template: rendering takes longer than " + longest.toSeconds() + " seconds");
        }
    }

    /** Goes a level deeper; false if that is too deep. */
    boolean enter() {
        return ++depth <= DEEPEST;
    }

    void leave() {
        depth--;
    }

    InvalidRequest tooMuchText() {
        return new InvalidRequest("template: the text is longer than " + mostText + " bytes");
    }
}
