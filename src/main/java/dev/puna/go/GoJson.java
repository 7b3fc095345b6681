// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * Plain values as JSON, byte for byte as Go's {@code encoding/json} writes them, so that the digests of what the store writes are
 * those that Ollama gives the same content.
 */
public final class GoJson {
    private final StringBuilder out = new StringBuilder();
    private final JsonWriter writer = new JsonWriter(out);

    private GoJson() {}

    /**
     * Maps in their own order, lists, texts, numbers, booleans.
     *
     * @throws InvalidRequest for a number that is not finite
     */
    public static String write(Object value) {
        var json = new GoJson();
        json.append(value);
        return json.out.toString();
    }

    private void append(Object value) {
        switch (value) {
            case String text -> writer.text(text);
            case Double number -> real(number);
            case Float number -> real(number);
            case BigDecimal number -> real(number.doubleValue());
            case Number number -> writer.raw(number.toString());
            case Boolean flag -> writer.raw(flag.toString());
            case Map<?, ?> map -> object(map);
            case List<?> list -> array(list);
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    private void object(Map<?, ?> map) {
        writer.beginObject();
        for (var entry : map.entrySet()) {
            writer.key(String.valueOf(entry.getKey()));
            append(entry.getValue());
        }
        writer.endObject();
    }

    private void array(List<?> list) {
        writer.beginArray();
        list.forEach(this::append);
        writer.endArray();
    }

    private void real(double number) {
        if (!Double.isFinite(number)) {
            throw new InvalidRequest("a number must be finite: " + number);
        }
        writer.real(number);
    }
}
