// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.failure.Unsupported;

/** A text that may be looked at only so often: a model's regular expression may take forever. <b>Threads:</b> one. */
final class BoundedText implements CharSequence {
    private static final long LOOKS = 1_000_000;
    private static final long LOOKS_PER_CHARACTER = 1_000;

    private final String text;
    private long left;

    BoundedText(String text) {
        this.text = text;
        left = LOOKS + LOOKS_PER_CHARACTER * text.length();
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (left-- == 0) {
            throw new Unsupported("a tokenizer with a regular expression that takes too long");
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
