// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Floating-point numbers in the formats of Go's {@code strconv.FormatFloat}, always rounded from the exact value. */
final class Floats {
    /** As many digits as tell the number from its neighbours. */
    static final int SHORTEST = -1;

    private static final int MANTISSA_BITS = 52;
    private static final int BIAS = 1023;

    private Floats() {}

    /**
     * A number as text, with a sign only if it is negative or infinite.
     *
     * @param verb one of b, e, E, f, g, G, x, X
     * @param precision digits, or {@link #SHORTEST}
     */
    static String format(double value, char verb, int precision) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        var sign = (Double.doubleToRawLongBits(value) < 0) ? "-" : "";
        var size = Math.abs(value);
        return sign
                + switch (verb) {
                    case 'b' -> binary(size);
                    case 'x' -> hexadecimal(size, precision);
                    case 'X' -> hexadecimal(size, precision).toUpperCase(Locale.ROOT);
                    default -> decimal(size, verb, precision);
                };
    }

    /** Decimal digits without zeros at either end; the point stands before digit number {@code point}. */
    private record Digits(String digits, int point) {
        static Digits of(BigDecimal value) {
            if (value.signum() == 0) {
                return new Digits("", 0);
            }
            var stripped = value.stripTrailingZeros();
            var digits = stripped.unscaledValue().toString();
            return new Digits(digits, digits.length() - stripped.scale());
        }

        int count() {
            return digits.length();
        }

        char at(int index) {
            return index >= 0 && index < digits.length() ? digits.charAt(index) : '0';
        }
    }

    private static String decimal(double size, char verb, int precision) {
        var lower = Character.toLowerCase(verb);
        if (precision == SHORTEST) {
            var digits = Digits.of(shortest(size));
            return switch (lower) {
                case 'e' -> exponent(digits, Math.max(digits.count() - 1, 0), verb);
                case 'f' -> plain(digits, Math.max(digits.count() - digits.point(), 0));
                default -> general(digits, digits.count(), true, verb);
            };
        }
        return switch (lower) {
            case 'e' -> exponent(significant(size, precision + 1), precision, verb);
            case 'f' -> plain(decimals(size, precision), precision);
            default -> general(significant(size, Math.max(precision, 1)), Math.max(precision, 1), false, verb);
        };
    }

    private static BigDecimal shortest(double size) {
        var value = new BigDecimal(Double.toString(size));
        var shorter = value.round(new MathContext(1, RoundingMode.HALF_EVEN));
        // Java writes at least two digits, and chooses them for that; one may be enough.
        return value.precision() == 2 && shorter.doubleValue() == size ? shorter : value;
    }

    private static Digits significant(double size, int count) {
        return Digits.of(new BigDecimal(size).round(new MathContext(count, RoundingMode.HALF_EVEN)));
    }

    private static Digits decimals(double size, int count) {
        var exact = new BigDecimal(size);
        return Digits.of(exact.scale() <= count ? exact : exact.setScale(count, RoundingMode.HALF_EVEN));
    }

    private static String general(Digits digits, int precision, boolean shortest, char verb) {
        var limit = precision > digits.count() && digits.count() >= digits.point() ? digits.count() : precision;
        var exponent = digits.point() - 1;
        if (exponent < -4 || exponent >= (shortest ? 6 : limit)) {
            return exponent(digits, Math.min(precision, digits.count()) - 1, verb == 'G' ? 'E' : 'e');
        }
        var places = precision > digits.point() ? digits.count() : precision;
        return plain(digits, Math.max(places - digits.point(), 0));
    }

    private static String exponent(Digits digits, int precision, char letter) {
        var out = new StringBuilder().append(digits.at(0));
        if (precision > 0) {
            out.append('.');
            var known = Math.min(Math.max(digits.count() - 1, 0), precision);
            out.append(digits.digits(), Math.min(1, digits.count()), Math.min(1, digits.count()) + known);
            out.repeat('0', precision - known);
        }
        var exponent = digits.count() == 0 ? 0 : digits.point() - 1;
        out.append(letter).append(exponent < 0 ? '-' : '+');
        return out.append(Math.abs(exponent) < 10 ? "0" : "")
                .append(Math.abs(exponent))
                .toString();
    }

    private static String plain(Digits digits, int precision) {
        var out = new StringBuilder();
        if (digits.point() > 0) {
            var known = Math.min(digits.count(), digits.point());
            out.append(digits.digits(), 0, known).repeat('0', digits.point() - known);
        } else {
            out.append('0');
        }
        if (precision > 0) {
            out.append('.');
            for (var i = 0; i < precision; i++) {
                out.append(digits.at(digits.point() + i));
            }
        }
        return out.toString();
    }

    private static long mantissa(double size) {
        var bits = Double.doubleToRawLongBits(size);
        var fraction = bits & ((1L << MANTISSA_BITS) - 1);
        return bits >>> MANTISSA_BITS == 0 ? fraction : fraction | (1L << MANTISSA_BITS);
    }

    private static int exponent(double size) {
        var exponent = (int) (Double.doubleToRawLongBits(size) >>> MANTISSA_BITS);
        return Math.max(exponent, 1) - BIAS;
    }

    private static String binary(double size) {
        var exponent = exponent(size) - MANTISSA_BITS;
        return mantissa(size) + "p" + (exponent >= 0 ? "+" : "") + exponent;
    }

    private static String hexadecimal(double size, int precision) {
        var mantissa = mantissa(size) << (60 - MANTISSA_BITS);
        var exponent = mantissa == 0 ? 0 : exponent(size);
        for (; mantissa != 0 && (mantissa & (1L << 60)) == 0; mantissa <<= 1) {
            exponent--;
        }
        if (precision >= 0 && precision < 15) {
            var shift = precision * 4;
            var cut = (mantissa << shift) & ((1L << 60) - 1);
            mantissa >>>= (60 - shift);
            if ((cut | (mantissa & 1)) > (1L << 59)) {
                mantissa++;
            }
            mantissa <<= (60 - shift);
            if ((mantissa & (1L << 61)) != 0) {
                mantissa >>>= 1;
                exponent++;
            }
        }
        var out = new StringBuilder("0x").append((mantissa >>> 60) & 1);
        mantissa <<= 4;
        if (precision < 0 ? mantissa != 0 : precision > 0) {
            out.append('.');
        }
        for (var i = 0; precision < 0 ? mantissa != 0 : i < precision; i++, mantissa <<= 4) {
            out.append(Character.forDigit((int) ((mantissa >>> 60) & 15), 16));
        }
        out.append('p').append(exponent < 0 ? '-' : '+');
        return out.append(Math.abs(exponent) < 10 ? "0" : "")
                .append(Math.abs(exponent))
                .toString();
    }
}
