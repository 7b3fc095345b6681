// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.OutputClosed;
import dev.puna.cli.text.WordWrap;
import java.io.PrintWriter;

/** Prints one answer while it comes, its reasoning first. Used by one thread, once. */
final class AnswerPrinter {
    private static final String GREY = "\u001b[90m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final WordWrap words;
    private final boolean colours;
    private final boolean hidesThinking;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private boolean thinkingIsOpen;

    /**
     * Prints nothing yet.
     *
     * @param columns width to wrap words at; 0 for none
     * @param colours whether the output is a terminal
     */
    AnswerPrinter(PrintWriter out, int columns, boolean colours, boolean hidesThinking) {
        this.out = requireNonNull(out, "out is null");
        this.words = new WordWrap(out, columns);
        this.colours = colours;
        this.hidesThinking = hidesThinking;
    }

    /** Prints a piece of each; either may be empty. */
    void print(String thought, String piece) {
        if (!thought.isEmpty()) {
            think(thought);
        }
        if (!piece.isEmpty()) {
            endThinking();
            content.append(piece);
            words.print(piece);
        }
        // A pipe whose reader is gone is only noticed by asking.
        if (out.checkError()) {
            throw new OutputClosed();
        }
    }

    /** Ends reasoning that no answer followed. */
    void endThinking() {
        if (thinkingIsOpen) {
            thinkingIsOpen = false;
            var newline = thinking.charAt(thinking.length() - 1) == '\n' ? "" : "\n";
            out.print(newline + "...done thinking.\n\n" + (colours ? PLAIN : ""));
            words.restart();
        }
    }

    String content() {
        return content.toString();
    }

    String thinking() {
        return thinking.toString();
    }

    private void think(String thought) {
        thinking.append(thought);
        if (hidesThinking) {
            return;
        }
        if (!thinkingIsOpen) {
            thinkingIsOpen = true;
            out.print((colours ? GREY : "") + "Thinking...\n");
            words.restart();
        }
        words.print(thought);
    }
}
