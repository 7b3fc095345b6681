// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

/** Where the lines of a conversation come from. */
interface LineInput extends AutoCloseable {

    /** What the user did at a prompt. */
    sealed interface Input {
        /** Typed something, possibly several lines that were pasted. */
        record Line(String text) implements Input {}

        /** Pressed Ctrl-C. */
        record Interrupted() implements Input {}

        /** Pressed Ctrl-D. */
        record End() implements Input {}
    }

    /**
     * Waits for what the user does.
     *
     * @param placeholder stands behind the prompt until something is typed
     */
    Input next(String prompt, String placeholder);

    /** Runs the task, which Ctrl-C ends early; returns false if it did. */
    boolean untilInterrupted(Runnable task);

    /** Whether lines are remembered for the next time. */
    void remember(boolean wanted);

    @Override
    void close();
}
