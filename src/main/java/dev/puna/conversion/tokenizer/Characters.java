// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

/** Kinds of characters as Hugging Face's tokenizers tells them apart. */
final class Characters {
    private static final int NEXT_LINE = 0x85;
    private static final int DELETE = 0x7F;

    private Characters() {}

    /** White space as Unicode has it. */
    static boolean isSpace(int point) {
        return (point >= '\t' && point <= '\r') || point == NEXT_LINE || Character.isSpaceChar(point);
    }

    /** What is part of a word: letters, marks, digits and what connects them. */
    static boolean isWord(int point) {
        return Character.isAlphabetic(point)
                || Character.isDigit(point)
                || isMark(point)
                || Character.getType(point) == Character.CONNECTOR_PUNCTUATION
                || point == 0x200C
                || point == 0x200D;
    }

    static boolean isMark(int point) {
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    static boolean isNumber(int point) {
        return switch (Character.getType(point)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }

    /** Punctuation of Unicode, and all of ASCII that is neither letter nor digit nor space. */
    static boolean isPunctuation(int point) {
        if (point < DELETE) {
            return point > ' ' && !Character.isLetterOrDigit(point);
        }
        return switch (Character.getType(point)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    /** What has no glyph of its own: controls, formats and private ones; tabs and line ends are none. */
    static boolean isControl(int point) {
        if (point == '\t' || point == '\n' || point == '\r') {
            return false;
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** Ideographs of the blocks that BERT writes as words of their own. */
    static boolean isIdeograph(int point) {
        return (point >= 0x4E00 && point <= 0x9FFF)
                || (point >= 0x3400 && point <= 0x4DBF)
                || (point >= 0x20000 && point <= 0x2A6DF)
                || (point >= 0x2A700 && point <= 0x2B73F)
                || (point >= 0x2B740 && point <= 0x2B81F)
                || (point >= 0x2B920 && point <= 0x2CEAF)
                || (point >= 0xF900 && point <= 0xFAFF)
                || (point >= 0x2F800 && point <= 0x2FA1F);
    }
}
