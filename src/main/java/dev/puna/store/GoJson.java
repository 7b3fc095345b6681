// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON byte for byte as Go's {@code encoding/json} does, so that the digests of what the store writes are those
 * that Ollama gives the same content.
 */
final class GoJson {
    private static final double SMALLEST_PLAIN = 1e-6;
    private static final double SMALLEST_SCIENTIFIC = 1e21;

    private final StringBuilder out = new StringBuilder();

    private GoJson() {}

    /** Maps in their own order, lists, texts, numbers, booleans. */
    static String write(Object value) {
        var json = new GoJson();
        json.append(value);
        return json.out.toString();
    }

    private void append(Object value) {
        switch (value) {
            case String text -> text(text);
            case Double number -> real(number);
            case Float number -> real(number);
            case BigDecimal number -> real(number.doubleValue());
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            case Map<?, ?> map -> object(map);
            case List<?> list -> array(list);
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    private void object(Map<?, ?> map) {
        var separator = '{';
        for (var entry : map.entrySet()) {
            out.append(separator);
            text(String.valueOf(entry.getKey()));
            out.append(':');
            append(entry.getValue());
            separator = ',';
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    private void array(List<?> list) {
        out.append('[');
        for (var i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            append(list.get(i));
        }
        out.append(']');
    }

    private void real(double number) {
        if (!Double.isFinite(number)) {
            throw new InvalidRequest("a number must be finite: " + number);
        }
        var size = Math.abs(number);
        if (number == 0) {
            out.append(1 / number < 0 ? "-0" : "0");
            return;
        }
        var digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (size >= SMALLEST_PLAIN && size < SMALLEST_SCIENTIFIC) {
            out.append(digits.toPlainString());
            return;
        }
        var unscaled = digits.unscaledValue().abs().toString();
        var exponent = unscaled.length() - 1 - digits.scale();
        out.append(number < 0 ? "-" : "").append(unscaled.charAt(0));
        if (unscaled.length() > 1) {
            out.append('.').append(unscaled, 1, unscaled.length());
        }
        out.append(exponent < 0 ? "e-" : "e+").append(Math.abs(exponent));
    }

    private void text(String text) {
        out.append('"');
        for (var i = 0; i < text.length(); ) {
            var point = text.codePointAt(i);
            i += Character.charCount(point);
            switch (point) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', 0x2028, 0x2029 -> escape(point);
                default -> {
                    if (point < ' ') {
                        escape(point);
                    } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                        out.append("\\ufffd");
                    } else {
                        out.appendCodePoint(point);
                    }
                }
            }
        }
        out.append('"');
    }

    private void escape(int point) {
        out.append("\\u%04x".formatted(point));
    }
}
