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

    private static final long LETTERS_A_LETTER = 4;

    /** Texts of full length that functions may make in all. */
    private static final long TEXTS_MADE = 4;

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int STEPS_BETWEEN_LOOKS = 1024;

    private final long deadline = System.nanoTime() + LONGEST.toNanos();
    private final long mostText;
    private long made;
    private int steps;
    private int depth;

    Budget() {
        this(0);
    }

    /**
     * @param given letters of what is rendered: a long conversation may make a long text
     */
    Budget(long given) {
        this.mostText = MOST_TEXT + LETTERS_A_LETTER * given;
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
        if (bytes > mostText / LETTERS_A_LETTER) {
            throw tooMuchText();
        }
    }

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

    InvalidRequest tooMuchText() {
        return new InvalidRequest("template: the text is longer than " + mostText + " bytes");
    }
}
