// SPDX-License-Identifier: Apache-2.0
package dev.puna.tokenization;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The tokens of one text, made piece by piece from either end as they are asked for.
 *
 * <p>llama.cpp's work on one text grows with the square of the number of special tokens in it, and its memory with the longest word; on
 * pieces of bounded length both grow with the text alone, and of a text many times longer than a context most need not be looked at.
 * Not thread-safe.
 */
public final class TextTokens {
    /** Characters of the longest piece; a shorter text is one. */
    public static final int PIECE = 8 << 10;

    private final String text;
    private final TextCuts cuts;
    private final Ends ends;
    private final Runnable betweenPieces;

    private int[] made = new int[256];
    private int size;
    /** The cut at which the next piece begins. */
    private TextCuts.Cut next = TextCuts.Cut.BEGINNING;

    private boolean complete;

    /**
     * The tokens around those of a text.
     *
     * @param before those that begin a text
     * @param after those that end it
     */
    public record Ends(int[] before, int[] after) {}

    public TextTokens(String text, TextCuts cuts, Ends ends, Runnable betweenPieces) {
        this.text = text;
        this.cuts = cuts;
        this.ends = ends;
        this.betweenPieces = betweenPieces;
        add(ends.before());
    }

    /** Those of a text that is one piece. */
    public TextTokens(String text, int[] tokens, TextCuts cuts) {
        this(text, cuts, new Ends(tokens, new int[0]), () -> {});
        this.complete = true;
    }

    /** How many there are; more than {@code most} says only that there are more than so many. */
    public int countUpTo(int most) {
        while (!complete && size <= most) {
            makeNext();
        }
        return size;
    }

    /** How many there are, reckoned from those that have been made; exact once all are. */
    public long estimate() {
        return complete || next.next() == 0 ? size : (long) (size * ((double) text.length() / next.next()));
    }

    /** All of them. */
    public int[] all() {
        countUpTo(Integer.MAX_VALUE - 1);
        return Arrays.copyOf(made, size);
    }

    /** The first ones, of which there must be so many. */
    public int[] first(int count) {
        countUpTo(count);
        return Arrays.copyOf(made, count);
    }

    /** The last ones, of which there must be so many. */
    public int[] last(int count) {
        if (complete) {
            return Arrays.copyOfRange(made, size - count, size);
        }
        Deque<int[]> pieces = new ArrayDeque<>();
        pieces.add(ends.after());
        var found = ends.after().length;
        for (var end = text.length(); found < count && end > 0; ) {
            betweenPieces.run();
            var cut = end > PIECE ? cuts.last(text, end - PIECE, end - PIECE / 2) : TextCuts.Cut.BEGINNING;
            pieces.addFirst(cuts.tokens(text, cut, end));
            found += pieces.getFirst().length;
            end = cut.end();
        }
        var joined = new int[found];
        var at = 0;
        for (var piece : pieces) {
            System.arraycopy(piece, 0, joined, at, piece.length);
            at += piece.length;
        }
        return Arrays.copyOfRange(joined, found - count, found);
    }

    private void makeNext() {
        betweenPieces.run();
        if (text.length() - next.next() <= PIECE) {
            add(cuts.tokens(text, next, text.length()));
            add(ends.after());
            complete = true;
        } else {
            var cut = cuts.last(text, next.next() + PIECE / 2, next.next() + PIECE);
            add(cuts.tokens(text, next, cut.end()));
            next = cut;
        }
    }

    private void add(int[] tokens) {
        if (made.length - size < tokens.length) {
            made = Arrays.copyOf(made, Math.max(size + tokens.length, made.length + made.length / 2));
        }
        System.arraycopy(tokens, 0, made, size, tokens.length);
        size += tokens.length;
    }
}
