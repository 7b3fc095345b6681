// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds plain objects from a checked JSON value without recursion. <b>Threads:</b> one; for one use. */
final class JsonTree {
    private static final int LONGEST_LONG = 20;

    private final byte[] text;
    private final int end;
    private final Place place;
    private final Deque<Open> open = new ArrayDeque<>();
    private int at;

    /** A container under construction: exactly one of list and map is there. */
    private static final class Open {
        private final @Nullable List<@Nullable Object> list;
        private final @Nullable Map<String, @Nullable Object> map;
        private String key = "";

        private Open(@Nullable List<@Nullable Object> list, @Nullable Map<String, @Nullable Object> map) {
            this.list = list;
            this.map = map;
        }

        private Object container() {
            return map == null ? requireNonNull(list) : map;
        }

        private void add(@Nullable Object value) {
            if (map != null) {
                map.put(key, value);
            } else if (list != null) {
                list.add(value);
            }
        }
    }

    JsonTree(byte[] text, int start, int end, Place place) {
        this.text = text;
        this.at = start;
        this.end = end;
        this.place = place;
    }

    @Nullable
    Object read() {
        while (true) {
            at = JsonScanner.skipSpace(text, at, end);
            switch (text[at]) {
                case '{' -> {
                    place.room().take(Room.MAP);
                    begin(new Open(null, new LinkedHashMap<>()));
                }
                case '[' -> {
                    place.room().take(2L * Room.ELEMENT);
                    begin(new Open(new ArrayList<>(), null));
                }
                case '}', ']' -> {
                    at++;
                    var closed = open.pop().container();
                    if (open.isEmpty()) {
                        return closed;
                    }
                    open.element().add(closed);
                }
                case ',' -> at++;
                default -> {
                    var value = scalarOrKey();
                    if (open.isEmpty()) {
                        return value;
                    }
                }
            }
        }
    }

    private void begin(Open container) {
        at++;
        open.push(container);
    }

    /** Reads a scalar and puts it where it belongs; a key is remembered until its value comes. */
    private @Nullable Object scalarOrKey() {
        var from = at;
        place.room().take(Room.VALUE);
        at = JsonScanner.endOfValue(text, at, end);
        var value = scalar(from);
        var container = open.peek();
        if (container == null) {
            return value;
        }
        var next = JsonScanner.skipSpace(text, at, end);
        if (text[next] == ':' && value instanceof String key) {
            container.key = key;
            at = next + 1;
        } else {
            container.add(value);
        }
        return value;
    }

    private @Nullable Object scalar(int from) {
        var value = new JsonValue(text, from, at, place);
        return switch (text[from]) {
            case '"' -> value.string();
            case 't' -> true;
            case 'f' -> false;
            case 'n' -> null;
            default -> number(value);
        };
    }

    private static Object number(JsonValue value) {
        if (value.length() > LONGEST_LONG) {
            return value.number();
        }
        try {
            return Long.parseLong(value.plain());
        } catch (NumberFormatException _) {
            return value.number();
        }
    }
}
