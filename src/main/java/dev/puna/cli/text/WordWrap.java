// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import java.io.PrintWriter;

/**
 * Prints text as it comes in pieces and breaks lines between words.
 *
 * <p>A word is shown while it grows; when it does not fit, it is taken back with the terminal's own control sequences and
 * set on the next line. Used by one thread.
 */
public final class WordWrap {
    /** Columns at the right that stay empty, so that a terminal never breaks a line itself. */
    private static final int MARGIN = 5;

    private static final int NARROWEST = 10;

    private final PrintWriter out;
    private final int columns;
    private final StringBuilder word = new StringBuilder();
    private int used;

    /**
     * Prints to a terminal.
     *
     * @param columns width of the terminal; 0 (as for anything below 10) passes the text on as it is
     */
    public WordWrap(PrintWriter out, int columns) {
        this.out = out;
        this.columns = columns < NARROWEST ? 0 : columns;
    }

    /** Prints the piece and flushes; without a terminal, nothing is added or changed. */
    public void print(String piece) {
        if (columns == 0) {
            out.print(piece);
        } else {
            piece.codePoints().forEach(this::print);
        }
        out.flush();
    }

    /** Starts counting anew, as at the start of a line. */
    public void restart() {
        used = 0;
        word.setLength(0);
    }

    private void print(int character) {
        if (character == '\n') {
            out.print('\n');
            restart();
            return;
        }
        var width = Width.of(character);
        if (used + width > columns - MARGIN) {
            breakLine(character);
            if (character == ' ') {
                return;
            }
        }
        out.print(Character.toString(character));
        used += width;
        // Scripts with wide characters break anywhere.
        if (character == ' ' || width > 1) {
            word.setLength(0);
        } else {
            word.appendCodePoint(character);
        }
    }

    private void breakLine(int next) {
        var begun = Width.of(word.toString());
        var movable = begun > 0 && begun < used && next != ' ';
        if (movable) {
            out.print("\u001b[" + begun + "D\u001b[K\n" + word);
            used = begun;
        } else {
            out.print('\n');
            restart();
        }
    }
}
