// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

import dev.puna.go.GoFloat;
import dev.puna.go.GoQuote;
import dev.puna.go.GoText;
import java.util.Locale;

/**
 * One verb's flags, width and precision, and how basic values are laid out by them, as Go's {@code fmt} does it. Texts are rows of
 * bytes; widths count code points. Used by one thread.
 */
final class StructLayout {
    private static final String LOWER = "0123456789abcdefx";
    private static final String UPPER = "0123456789ABCDEFX";

    private final StringBuilder out;
    private final int limit;

    boolean minus;
    boolean plus;
    boolean sharp;
    boolean space;
    boolean zero;
    boolean plusV;
    boolean sharpV;
    boolean hasWidth;
    boolean hasPrecision;
    int width;
    int precision;

    StructLayout(StringBuilder out, int limit) {
        this.out = out;
        this.limit = limit;
    }

    void clear() {
        minus = false;
        plus = false;
        sharp = false;
        space = false;
        zero = false;
        plusV = false;
        sharpV = false;
        hasWidth = false;
        hasPrecision = false;
        width = 0;
        precision = 0;
    }

    /** Refuses to go on once there is more text than may be. */
    void checkSize(int more) {
        if (out.length() + (long) more > limit) {
            throw new TooMuchText();
        }
    }

    private void padding(int count) {
        if (count > 0) {
            checkSize(count);
            out.repeat(zero && !minus ? '0' : ' ', count);
        }
    }

    void pad(CharSequence bytes) {
        checkSize(bytes.length());
        if (!hasWidth || width == 0) {
            out.append(bytes);
            return;
        }
        var missing = width - GoText.runes(bytes.toString());
        if (minus) {
            out.append(bytes);
            padding(missing);
        } else {
            padding(missing);
            out.append(bytes);
        }
    }

    private void padWithSpaces(CharSequence bytes) {
        var before = zero;
        zero = false;
        pad(bytes);
        zero = before;
    }

    void string(String bytes) {
        pad(truncated(bytes));
    }

    private String truncated(String bytes) {
        if (!hasPrecision) {
            return bytes;
        }
        var left = precision;
        for (var i = 0; i < bytes.length(); i += GoText.width(bytes, i)) {
            if (left-- == 0) {
                return bytes.substring(0, i);
            }
        }
        return bytes;
    }

    void quoted(String bytes) {
        var text = truncated(bytes);
        pad(sharp && GoQuote.fitsBackquotes(text) ? "`" + text + "`" : GoQuote.quote(text, plus));
    }

    void quotedRune(long number, boolean inRange) {
        pad(GoQuote.quoteRune(inRange ? (int) number : GoText.REPLACEMENT, plus));
    }

    void character(long number, boolean inRange) {
        var text = new StringBuilder();
        GoText.append(text, inRange ? (int) number : GoText.REPLACEMENT);
        pad(text);
    }

    void hexString(String bytes, boolean upper) {
        var digits = upper ? UPPER : LOWER;
        var length = hasPrecision ? Math.min(precision, bytes.length()) : bytes.length();
        if (length == 0) {
            padding(hasWidth ? width : 0);
            return;
        }
        checkSize(5 * length);
        var text = new StringBuilder(2 * length);
        for (var i = 0; i < length; i++) {
            if (i > 0 && space) {
                text.append(' ');
            }
            if (sharp && (i == 0 || space)) {
                text.append('0').append(digits.charAt(16));
            }
            text.append(digits.charAt(bytes.charAt(i) >> 4)).append(digits.charAt(bytes.charAt(i) & 15));
        }
        pad(text);
    }

    /** U+0041, and the character itself with the sharp flag. */
    void unicode(long number) {
        var hex = new StringBuilder(Long.toHexString(number).toUpperCase(Locale.ROOT));
        hex.insert(0, "0".repeat(Math.max((hasPrecision ? Math.max(precision, 4) : 4) - hex.length(), 0)));
        hex.insert(0, "U+");
        if (sharp && number >= 0 && number <= Character.MAX_CODE_POINT && GoText.printable((int) number)) {
            hex.append(" '");
            GoText.append(hex, (int) number);
            hex.append('\'');
        }
        padWithSpaces(hex);
    }

    /**
     * A whole number.
     *
     * @param verb the verb as written, since some write prefixes of their own
     */
    void integer(long number, int base, char verb, boolean upper) {
        var negative = number < 0;
        var digits = new StringBuilder(Long.toUnsignedString(negative ? -number : number, base));
        var wanted = 0;
        if (hasPrecision) {
            wanted = precision;
            if (wanted == 0 && number == 0) {
                var before = zero;
                zero = false;
                padding(width);
                zero = before;
                return;
            }
        } else if (zero && !minus && hasWidth) {
            wanted = negative || plus || space ? width - 1 : width;
        }
        checkSize(wanted);
        digits.insert(0, "0".repeat(Math.max(wanted - digits.length(), 0)));
        if (sharp && base == 2) {
            digits.insert(0, "0b");
        } else if (sharp && base == 8 && digits.charAt(0) != '0') {
            digits.insert(0, '0');
        } else if (sharp && base == 16) {
            digits.insert(0, "0x");
        }
        if (verb == 'O') {
            digits.insert(0, "0o");
        }
        if (negative || plus || space) {
            digits.insert(0, negative ? '-' : plus ? '+' : ' ');
        }
        padWithSpaces(upper ? digits.toString().toUpperCase(Locale.ROOT) : digits);
    }

    void real(double value, char verb, int usualPrecision) {
        var digits = hasPrecision ? precision : usualPrecision;
        checkSize(Math.max(digits, 0));
        var text = new StringBuilder(GoFloat.format(value, verb, digits));
        if (text.charAt(0) != '-' && text.charAt(0) != '+') {
            text.insert(0, '+');
        }
        if (space && text.charAt(0) == '+' && !plus) {
            text.setCharAt(0, ' ');
        }
        if (text.charAt(1) == 'I' || text.charAt(1) == 'N') {
            padWithSpaces(text.charAt(1) == 'N' && !space && !plus ? text.substring(1) : text);
            return;
        }
        if (sharp && verb != 'b') {
            keepPoint(text, verb, digits);
        }
        if (!plus && text.charAt(0) == '+') {
            pad(text.substring(1));
        } else if (zero && !minus && hasWidth && width > text.length()) {
            out.append(text.charAt(0));
            padding(width - text.length());
            out.append(text, 1, text.length());
        } else {
            pad(text);
        }
    }

    /** The sharp flag wants a point, and zeros up to the precision. */
    private static void keepPoint(StringBuilder text, char verb, int precision) {
        var missing =
                switch (verb) {
                    case 'g', 'G', 'x' -> precision == GoFloat.SHORTEST ? 6 : precision;
                    default -> 0;
                };
        var tail = "";
        var point = false;
        var significant = false;
        for (var i = 1; i < text.length(); i++) {
            var character = text.charAt(i);
            var exponent = character == 'p'
                    || character == 'P'
                    || ((character == 'e' || character == 'E') && verb != 'x' && verb != 'X');
            if (exponent) {
                tail = text.substring(i);
                text.setLength(i);
            } else if (character == '.') {
                point = true;
            } else {
                significant |= character != '0';
                missing -= significant ? 1 : 0;
            }
        }
        if (!point) {
            missing -= text.length() == 2 && text.charAt(1) == '0' ? 1 : 0;
            text.append('.');
        }
        text.repeat('0', Math.max(missing, 0)).append(tail);
    }
}
