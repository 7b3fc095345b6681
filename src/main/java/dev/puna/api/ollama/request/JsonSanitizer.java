// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of free form that go into the store: without nulls, and not nested deeper than anything sensible is. */
final class JsonSanitizer {
    private static final int DEEPEST = 16;

    private JsonSanitizer() {}

    /** The object under a field, empty if there is none. */
    static Map<String, Object> of(JsonObject json, String field) {
        json.field(field).ifPresent(JsonValue::borrowTree);
        var result = new LinkedHashMap<String, Object>();
        json.anyMap(field).forEach((name, value) -> {
            if (value != null) {
                result.put(name, plain(value, field, 1));
            }
        });
        return result;
    }

    private static Object plain(Object value, String field, int depth) {
        if (depth > DEEPEST) {
            throw new InvalidRequest("%s are nested too deeply (at most %d levels)".formatted(field, DEEPEST));
        }
        return switch (value) {
            case Map<?, ?> map -> {
                var result = new LinkedHashMap<String, Object>();
                map.forEach((name, element) -> {
                    if (element != null) {
                        result.put(String.valueOf(name), plain(element, field, depth + 1));
                    }
                });
                yield result;
            }
            case List<?> list -> elements(list, field, depth);
            default -> value;
        };
    }

    private static List<Object> elements(List<? extends @Nullable Object> list, String field, int depth) {
        var result = new ArrayList<Object>(list.size());
        for (var element : list) {
            if (element != null) {
                result.add(plain(element, field, depth + 1));
            }
        }
        return result;
    }
}
