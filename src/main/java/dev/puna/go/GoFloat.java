// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Floating-point numbers as Go writes them; where Go rounds, from the exact value. */
public final class GoFloat {
    /** As many digits as tell the number from its neighbours. */
    public static final int SHORTEST = -1;

    private static final int MANTISSA_BITS = 52;
    private static final int BIAS = 1023;

    private static final double SMALLEST_PLAIN_JSON = 1e-6;
    private static final double SMALLEST_BIG_JSON = 1e21;

    private GoFloat() {}

    /** As {@code fmt} prints with {@code %v}: plain from 1e-4 to below 1e6. */
    public static String plain(double value) {
        return format(value, 'g', SHORTEST);
    }

    /** As {@code encoding/json} writes a float64: plain from 1e-6 to below 1e21. Must be finite. */
    public static String json(double value) {
        var text = Double.toString(value);
        if (text.indexOf('E') < 0) {
            return withoutFractionOfZero(text);
        }
        var size = Math.abs(value);
        return json(value < 0, shortest(size), size >= SMALLEST_PLAIN_JSON && size < SMALLEST_BIG_JSON);
    }

    /** As {@code encoding/json} writes a float32: plain from 1e-6 to below 1e21. Must be finite. */
    public static String json(float value) {
        var text = Float.toString(value);
        if (text.indexOf('E') < 0) {
            return withoutFractionOfZero(text);
        }
        var size = Math.abs(value);
        return json(value < 0, shortest(size), size >= (float) SMALLEST_PLAIN_JSON && size < (float) SMALLEST_BIG_JSON);
    }

    private static String json(boolean negative, BigDecimal size, boolean plain) {
        var digits = Digits.of(size);
        var text = plain
                ? plain(digits, Math.max(digits.count() - digits.point(), 0))
                : exponent(digits, digits.count() - 1, 'e').replace("e-0", "e-");
        return negative ? "-" + text : text;
    }

    private static String withoutFractionOfZero(String text) {
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /**
     * A number in a format of {@code strconv.FormatFloat}, with a sign only if it is negative or infinite.
     *
     * @param verb one of b, e, E, f, g, G, x, X
     * @param precision digits, or {@link #SHORTEST}
     */
    public static String format(double value, char verb, int precision) {
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
        var shorter = oneDigit(value);
        return value.precision() == 2 && shorter.doubleValue() == size ? shorter : value;
    }

    private static BigDecimal shortest(float size) {
        var value = new BigDecimal(Float.toString(size));
        var shorter = oneDigit(value);
        return value.precision() == 2 && shorter.floatValue() == size ? shorter : value;
    }

    /** Java writes at least two digits, and chooses them for that; one may be enough. */
    private static BigDecimal oneDigit(BigDecimal value) {
        return value.round(new MathContext(1, RoundingMode.HALF_EVEN));
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
