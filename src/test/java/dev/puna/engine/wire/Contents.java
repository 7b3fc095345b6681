// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.failure.Failure;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a value consists of, with arrays and failures compared by their contents, too; of any type, by reflection. */
final class Contents {
    private Contents() {}

    static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case List<?> list -> list.stream().map(Contents::of).toList();
            case Optional<?> optional -> optional.map(Contents::of);
            case Failure failure -> failure(failure);
            default -> {
                if (value.getClass().isArray()) {
                    yield IntStream.range(0, Array.getLength(value))
                            .mapToObj(i -> Array.get(value, i))
                            .toList();
                }
                yield value.getClass().isRecord() ? record(value) : value;
            }
        };
    }

    private static Object record(Object value) {
        var contents = new TreeMap<String, Object>();
        contents.put("", value.getClass());
        for (var component : value.getClass().getRecordComponents()) {
            try {
                var accessor = component.getAccessor();
                accessor.setAccessible(true);
                contents.put(component.getName(), of(accessor.invoke(value)));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.toString(), e);
            }
        }
        return contents;
    }

    private static Object failure(Failure value) {
        var contents = new TreeMap<String, Object>();
        contents.put("", value.getClass());
        contents.put("text", value.text());
        Stream.of(value.getClass().getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .forEach(field -> {
                    try {
                        field.setAccessible(true);
                        contents.put(field.getName(), of(field.get(value)));
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError(e.toString(), e);
                    }
                });
        return contents;
    }
}
