// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoText;
import dev.puna.template.value.Type;
import dev.puna.template.value.Value;
import dev.puna.template.value.Value.Listing;
import dev.puna.template.value.Value.Mapping;
import dev.puna.template.value.Value.None;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.TreeMap;

/**
 * JSON as Go's {@code json.Unmarshal} reads it into an {@code interface {}}: every number that fits a float64, keys sorted, the last of equal
 * keys counts. The text was checked when it came in; what is wrong with it here is the caller's fault. Used once, by one thread.
 */
final class JsonReader {
    private static final int DEEPEST = 1000;
    /** From here on a double leaves out whole numbers. */
    private static final double FIRST_GAP = 0x1p53;

    private final String json;
    private int at;
    private int depth;

    private final boolean asWritten;

    private JsonReader(String json, boolean asWritten) {
        this.json = json;
        this.asWritten = asWritten;
    }

    /**
     * The value of a text.
     *
     * @throws InvalidRequest if it is no JSON, or nests too deep
     */
    static Value read(String json) {
        return read(json, false);
    }

    /** The same, with keys in the order in which they first come. */
    static Value readAsWritten(String json) {
        return read(json, true);
    }

    /** A copy with keys sorted. */
    static Value sorted(Value value) {
        return switch (value) {
            case Mapping map -> {
                var entries = new TreeMap<String, Value>();
                map.entries().forEach((key, entry) -> entries.put(key, sorted(entry)));
                yield Mapping.of(entries);
            }
            case Listing list ->
                Listing.of(
                        list.type(),
                        list.backing().stream().map(JsonReader::sorted).toList());
            default -> value;
        };
    }

    private static Value read(String json, boolean asWritten) {
        var reader = new JsonReader(json, asWritten);
        var value = reader.value();
        reader.skipSpaces();
        if (reader.at < json.length()) {
            throw broken();
        }
        return value;
    }

    private static InvalidRequest broken() {
        return new InvalidRequest("a tool or the arguments of a tool call are no JSON");
    }

    private void skipSpaces() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        skipSpaces();
        if (at >= json.length()) {
            throw broken();
        }
        return json.charAt(at);
    }

    private boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char wanted) {
        if (!take(wanted)) {
            throw broken();
        }
    }

    private Value word(String word, Value value) {
        if (!json.startsWith(word, at)) {
            throw broken();
        }
        at += word.length();
        return value;
    }

    private Value value() {
        if (++depth > DEEPEST) {
            throw broken();
        }
        var value =
                switch (peek()) {
                    case '{' -> object();
                    case '[' -> list();
                    case '"' -> Value.of(string());
                    case 't' -> word("true", Value.of(true));
                    case 'f' -> word("false", Value.of(false));
                    case 'n' -> word("null", None.VALUE);
                    default -> number();
                };
        depth--;
        return value;
    }

    private Value object() {
        expect('{');
        var places = new HashMap<String, Integer>();
        Comparator<String> byName = Comparator.naturalOrder();
        Comparator<String> byPlace = Comparator.comparing(key -> places.getOrDefault(key, Integer.MAX_VALUE));
        var entries = new TreeMap<String, Value>(asWritten ? byPlace.thenComparing(byName) : byName);
        if (take('}')) {
            return Mapping.of(entries);
        }
        do {
            skipSpaces();
            var key = GoText.bytes(string());
            expect(':');
            var value = value();
            places.putIfAbsent(key, places.size());
            entries.put(key, value);
        } while (take(','));
        expect('}');
        return Mapping.of(entries);
    }

    private Value list() {
        expect('[');
        var elements = new ArrayList<Value>();
        if (take(']')) {
            return Listing.of(Type.LIST, elements);
        }
        do {
            elements.add(value());
        } while (take(','));
        expect(']');
        return Listing.of(Type.LIST, elements);
    }

    private Value number() {
        var start = at;
        while (at < json.length() && "+-.0123456789eE".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
        try {
            return number(json.substring(start, at));
        } catch (NumberFormatException _) {
            throw broken();
        }
    }

    /** A float64 as in Go, unless that would cut a whole number: ids have more digits than it holds. */
    private static Value number(String literal) {
        var real = Double.parseDouble(literal);
        if (Math.abs(real) >= FIRST_GAP && Math.abs(real) < Long.MAX_VALUE && isWhole(literal)) {
            return new Value.Int(Long.parseLong(literal));
        }
        return new Value.Real(real);
    }

    private static boolean isWhole(String literal) {
        return literal.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (true) {
            if (at >= json.length()) {
                throw broken();
            }
            var character = json.charAt(at++);
            if (character == '"') {
                return out.toString();
            }
            out.append(character == '\\' ? escaped() : character);
        }
    }

    private char escaped() {
        if (at >= json.length()) {
            throw broken();
        }
        var character = json.charAt(at++);
        return switch (character) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> character;
        };
    }

    private char unicode() {
        if (at + 4 > json.length()) {
            throw broken();
        }
        try {
            var value = Integer.parseInt(json, at, at + 4, 16);
            at += 4;
            return (char) value;
        } catch (NumberFormatException _) {
            throw broken();
        }
    }
}
