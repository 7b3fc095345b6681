// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.syntax;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.template.value.Value;
import java.math.BigInteger;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Constants as Go's templates understand them where no type is wanted: an int, a float64 or a complex128. */
final class Numbers {
    private static final Pattern INTEGER =
            Pattern.compile("([+-]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0[0-7_]*|[1-9][0-9_]*)");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?([0-9_]*[0-9][0-9_]*\\.?[0-9_]*|\\.[0-9_]*[0-9][0-9_]*)([eE][+-]?[0-9][0-9_]*)?");
    private static final Pattern HEXADECIMAL =
            Pattern.compile("[+-]?0[xX]([0-9a-fA-F_]+\\.?[0-9a-fA-F_]*|\\.[0-9a-fA-F_]+)[pP][+-]?[0-9][0-9_]*");

    private static final BigInteger MOST_UNSIGNED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final double TWO_TO_63 = 0x1p63;

    private Numbers() {}

    /**
     * The value of a constant; null if it is one but fits no type a template can use.
     *
     * @throws InvalidRequest if it is no constant, in Go's words
     */
    static @Nullable Value of(Token token) {
        return switch (token.kind()) {
            case CHARACTER_CONSTANT -> Value.of(GoQuote.unquoteRune(token.text()));
            case COMPLEX -> complex(token.text());
            default -> number(token.text());
        };
    }

    private static Value complex(String text) {
        var middle = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
        while (middle > 1 && "eEpP".indexOf(text.charAt(middle - 1)) >= 0 && !isHexDigits(text, middle - 1)) {
            middle = Math.max(text.lastIndexOf('+', middle - 1), text.lastIndexOf('-', middle - 1));
        }
        var real = real(text.substring(0, Math.max(middle, 0)));
        var imaginary = real(text.substring(Math.max(middle, 0), text.length() - 1));
        if (real.isEmpty() || imaginary.isEmpty()) {
            throw new InvalidRequest("syntax error scanning complex number");
        }
        return new Value.Complex(real.getAsDouble(), imaginary.getAsDouble());
    }

    /** Whether the letter e at an index is a digit rather than the sign of an exponent. */
    private static boolean isHexDigits(String text, int index) {
        var prefix = Math.max(text.lastIndexOf('x', index), text.lastIndexOf('X', index));
        return prefix >= 0 && "eE".indexOf(text.charAt(index)) >= 0;
    }

    private static @Nullable Value number(String text) {
        if (text.endsWith("i")) {
            var imaginary = real(text.substring(0, text.length() - 1));
            if (imaginary.isPresent()) {
                return new Value.Complex(0, imaginary.getAsDouble());
            }
        }
        var integer = integer(text);
        var looksReal = text.chars().anyMatch(c -> ".eEpP".indexOf(c) >= 0);
        if (integer != null) {
            var fits = integer.bitLength() < Long.SIZE;
            if (!fits && (integer.signum() < 0 || text.charAt(0) == '+' || integer.compareTo(MOST_UNSIGNED) > 0)) {
                throw overflow(text);
            }
            var unsignedHex = text.startsWith("0x") || text.startsWith("0X");
            if (looksReal && !unsignedHex) {
                return new Value.Real(integer.doubleValue());
            }
            return fits ? Value.of(integer.longValue()) : null;
        }
        var real = real(text);
        if (real.isEmpty()) {
            throw new InvalidRequest("illegal number syntax: " + GoQuote.quote(text));
        }
        if (!looksReal) {
            throw overflow(text);
        }
        var value = real.getAsDouble();
        var isHexInteger = (text.startsWith("0x") || text.startsWith("0X"))
                && text.length() > 2
                && text.indexOf('p') < 0
                && text.indexOf('P') < 0;
        return isHexInteger && Math.abs(value) < TWO_TO_63 ? Value.of((long) value) : new Value.Real(value);
    }

    private static InvalidRequest overflow(String text) {
        return new InvalidRequest("integer overflow: " + GoQuote.quote(text));
    }

    private static @Nullable BigInteger integer(String text) {
        var matcher = INTEGER.matcher(text);
        if (!matcher.matches() || !underscoresSeparateDigits(text)) {
            return null;
        }
        var digits = matcher.group(2).replace("_", "");
        var radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            var letter = Character.toLowerCase(digits.charAt(1));
            radix = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
            digits = letter >= '0' && letter <= '9' ? digits.substring(1) : digits.substring(2);
        }
        if (digits.isEmpty()) {
            return null;
        }
        var value = new BigInteger(digits, radix);
        return matcher.group(1).equals("-") ? value.negate() : value;
    }

    private static OptionalDouble real(String text) {
        var decimal = DECIMAL.matcher(text).matches();
        if ((!decimal && !HEXADECIMAL.matcher(text).matches()) || !underscoresSeparateDigits(text)) {
            return OptionalDouble.empty();
        }
        var value = Double.parseDouble(text.replace("_", ""));
        return Double.isInfinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Underscores may stand between digits, and behind the prefix of a base. */
    private static boolean underscoresSeparateDigits(String text) {
        if (text.indexOf('_') < 0) {
            return true;
        }
        var number = text.charAt(0) == '+' || text.charAt(0) == '-' ? text.substring(1) : text;
        var prefixed = number.length() >= 2 && number.charAt(0) == '0' && "bBoOxX".indexOf(number.charAt(1)) >= 0;
        var hexadecimal = prefixed && "xX".indexOf(number.charAt(1)) >= 0;
        var previous = prefixed ? '0' : '^';
        for (var i = prefixed ? 2 : 0; i < number.length(); i++) {
            var character = number.charAt(i);
            var digit = Character.digit(character, hexadecimal ? 16 : 10) >= 0;
            if ((character == '_' && previous != '0') || (!digit && character != '_' && previous == '_')) {
                return false;
            }
            previous = digit ? '0' : character == '_' ? '_' : '!';
        }
        return previous != '_';
    }
}
