// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object of a request, whose fields are read by name: {@code JsonObject.read(body, "ChatRequest").string("model")}.
 *
 * <p>A field that is missing or null reads as empty. See {@link JsonValue} for types and errors.
 */
public final class JsonObject {
    private final Map<String, JsonValue> fields;
    private final Place place;

    JsonObject(Map<String, JsonValue> fields, Place place) {
        this.fields = fields;
        this.place = place;
    }

    /**
     * Reads the body of a request.
     *
     * @param body the bytes, not to be changed afterwards
     * @param struct name of Go's type of this request, as error texts show it; without a package it is of {@code api}
     * @throws InvalidRequest {@code missing request body}, or {@code EOF} for a type with a package, if there is nothing, else Go's text about what is wrong
     */
    public static JsonObject read(byte[] body, String struct) {
        return read(body, struct, Room.BOUNDLESS);
    }

    /** {@link #read(byte[], String)} within bounds; the bytes themselves are not counted. */
    public static JsonObject read(byte[] body, String struct, Room room) {
        var start = JsonScanner.skipSpace(body, 0, body.length);
        if (start == body.length) {
            // The other dialects pass on what Go's reader says.
            throw new InvalidRequest(struct.contains(".") ? "EOF" : "missing request body");
        }
        var end = JsonScanner.endOfValue(body, start, body.length);
        return new JsonValue(body, start, end, new Place(struct.substring(struct.indexOf('.') + 1), "", room))
                .object(struct.contains(".") ? struct : "api." + struct);
    }

    /** The value of a field, or nothing if it is missing or null. */
    public Optional<JsonValue> field(String name) {
        return Optional.ofNullable(present(name));
    }

    /** A text, empty if absent. */
    public String string(String name) {
        var value = present(name);
        return value == null ? "" : value.string();
    }

    /** A text of which copies are made once the request has been read, empty if absent: takes room for so many. */
    public String prose(String name, int copies) {
        var value = present(name);
        if (value == null) {
            return "";
        }
        var text = value.string();
        value.plan(copies * value.width());
        return text;
    }

    /**
     * Takes room for what this object becomes beside its fields.
     *
     * @param stays bytes of what stays
     * @param planned bytes of what is made of it once the request has been read
     */
    public void take(long stays, long planned) {
        place.room().take(stays);
        place.room().plan(planned);
    }

    /** A truth, or nothing if absent. */
    public Optional<Boolean> bool(String name) {
        return field(name).map(JsonValue::bool);
    }

    /** A truth. */
    public boolean bool(String name, boolean absent) {
        var value = present(name);
        return value == null ? absent : value.bool();
    }

    /** A whole number, or nothing if absent. */
    public Optional<Long> integer(String name) {
        return field(name).map(JsonValue::integer);
    }

    /** A list of texts, empty if absent. */
    public List<String> strings(String name) {
        return field(name)
                .map(value -> value.list("[]string", JsonValue::string))
                .orElse(List.of());
    }

    /** An object of free keys as plain objects ({@link JsonValue#any}), empty if absent. */
    @SuppressWarnings("unchecked")
    public Map<String, @Nullable Object> anyMap(String name) {
        var value = present(name);
        if (value == null) {
            return Map.of();
        }
        if (!value.isObject()) {
            value.map("map[string]interface {}");
        }
        return (Map<String, @Nullable Object>) requireNonNull(value.any());
    }

    /** A name as Go compares it: without regard to case, by the simplest folding. */
    static String folded(String name) {
        var chars = name.toCharArray();
        for (var i = 0; i < chars.length; i++) {
            chars[i] = Character.toLowerCase(Character.toUpperCase(chars[i]));
        }
        return new String(chars);
    }

    private @Nullable JsonValue present(String name) {
        var value = fields.get(name);
        return value == null || value.isNull() ? null : value;
    }
}
