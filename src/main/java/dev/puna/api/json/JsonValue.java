// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import dev.puna.failure.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value inside a request, read as the type that its place asks for.
 *
 * <p>Each reader takes Go's name of the wanted type where it is not plain ({@code []api.Message}), since the name is part of
 * the error text; a value of another kind is an {@link InvalidRequest} in Go's words. A null reads as the empty value of any
 * type, as Go leaves a field alone. Nothing is parsed before it is asked for. <b>Borrows</b> the array of the request.
 */
public final class JsonValue {
    /** Digits of the longest number that is worth a look, and is shown whole. */
    private static final int LONGEST_NUMBER = 1_000;

    /** Trees that are made of a value which is only handed on: here, and where the native side checks and reads it. */
    private static final int TREES = 2;

    private final byte[] text;
    private final int start;
    private final int end;
    private final Place place;

    JsonValue(byte[] text, int start, int end, Place place) {
        this.text = text;
        this.start = start;
        this.end = end;
        this.place = place;
    }

    /** Whether this is the JSON null. */
    public boolean isNull() {
        return text[start] == 'n';
    }

    /** Whether this is a JSON string. */
    public boolean isString() {
        return text[start] == '"';
    }

    /** Whether this is a JSON array. */
    public boolean isList() {
        return text[start] == '[';
    }

    /** Whether this is a JSON object. */
    public boolean isObject() {
        return text[start] == '{';
    }

    /** Whether this is a JSON number. */
    public boolean isNumber() {
        return text[start] == '-' || (text[start] >= '0' && text[start] <= '9');
    }

    /** Whether this is true or false. */
    public boolean isBool() {
        return text[start] == 't' || text[start] == 'f';
    }

    /** The JSON text as it was sent, without the white space around it; halves of surrogate pairs are U+FFFD, as in Go. */
    public String raw() {
        take(Room.TEXT + width());
        return plain();
    }

    /** The same, for what is forgotten at once. */
    String plain() {
        return JsonStrings.withoutHalves(new String(text, start, end - start, StandardCharsets.UTF_8));
    }

    /**
     * The JSON text without spaces or needless escapes, numbers as Go writes them, whole ones with every digit. A number beyond doubles is refused, as Go does.
     */
    public String rewritten() {
        var copies = 2 * width();
        borrow(copies);
        var rewritten = RewrittenJson.of(raw(), place);
        place.room().giveBack(copies);
        return rewritten;
    }

    /** A text; null is the empty one. */
    public String string() {
        if (isNull()) {
            return "";
        }
        require(isString(), "string");
        take(Room.TEXT + width());
        return JsonStrings.decode(text, start, end);
    }

    /** A truth; null is false. */
    public boolean bool() {
        if (isNull()) {
            return false;
        }
        require(isBool(), "bool");
        return text[start] == 't';
    }

    /** A whole number of at most 64 bits; null is 0. */
    public long integer() {
        if (isNull()) {
            return 0;
        }
        require(isNumber(), "int");
        try {
            requireSensibleNumber("int");
            return Long.parseLong(plain());
        } catch (NumberFormatException _) {
            throw mismatch("number " + plain(), "int");
        }
    }

    /** A finite number; null is 0. */
    public double number() {
        if (isNull()) {
            return 0;
        }
        require(isNumber(), "float64");
        requireSensibleNumber("float64");
        var number = Double.parseDouble(plain());
        if (!Double.isFinite(number)) {
            throw mismatch("number " + plain(), "float64");
        }
        return number;
    }

    /** The elements of an array; null has none. */
    public List<JsonValue> list(String goType) {
        if (isNull()) {
            return List.of();
        }
        require(isList(), goType);
        var elements = new ArrayList<JsonValue>();
        var at = JsonScanner.skipSpace(text, start + 1, end);
        while (text[at] != ']') {
            var after = JsonScanner.endOfChecked(text, at, end);
            borrow(Room.ELEMENT);
            elements.add(new JsonValue(text, at, after, place));
            at = afterComma(after);
        }
        return elements;
    }

    /**
     * What a reader makes of each element of an array; null has none. One element is looked at at a time: what one borrows is there
     * for the next.
     */
    public <T> List<T> list(String goType, Function<JsonValue, T> reader) {
        if (isNull()) {
            return List.of();
        }
        require(isList(), goType);
        var room = place.room();
        var before = room.borrowed();
        var results = new ArrayList<T>();
        for (var at = firstElement(); text[at] != ']'; ) {
            var after = JsonScanner.endOfChecked(text, at, end);
            take(Room.SLOT);
            results.add(reader.apply(new JsonValue(text, at, after, place)));
            room.giveBack(room.borrowed() - before);
            at = afterComma(after);
        }
        return Collections.unmodifiableList(results);
    }

    /** An object with fields known by name; null has none. Errors inside name the request's own type. */
    public JsonObject object(String goType) {
        return new JsonObject(members(goType, place), place);
    }

    /**
     * An object with fields known by name; null has none. Errors inside name its own type: so does Go where the type has no
     * reader of its own ({@code api.Tool} has none, {@code api.Message} has one).
     */
    public JsonObject struct(String goType) {
        var inside = new Place(goType.substring(goType.lastIndexOf('.') + 1), place.path(), place.room());
        return new JsonObject(members(goType, inside), inside);
    }

    /** An object whose keys are data, in their order; null has none. Of a key given twice the last value counts. */
    public Map<String, JsonValue> map(String goType) {
        return members(goType, null);
    }

    /**
     * The members of an object whose order Ollama keeps, by keys that are data; null has none. Go's package for such maps has a text
     * of its own for what is no object, and reads each value as a document by itself, so errors inside know nothing of the request.
     *
     * @param struct name of Go's type of the values without its package
     */
    public Map<String, JsonValue> orderedMap(String struct) {
        requireOrderedMap();
        var values = new LinkedHashMap<String, JsonValue>();
        members("", null).forEach((key, value) -> {
            borrow(Room.MEMBER);
            values.put(key, new JsonValue(value.text, value.start, value.end, new Place(struct, "", place.room())));
        });
        return values;
    }

    /** Refuses what is neither an object nor null, as {@link #orderedMap} does. */
    public void requireOrderedMap() {
        if (!isNull() && !isObject()) {
            throw new InvalidRequest("Value looks like object, but can't find closing '}' symbol");
        }
    }

    /** Bytes written as base64 text; null is none. */
    public byte[] bytes(String goType) {
        if (isNull()) {
            return new byte[0];
        }
        require(isString(), goType);
        return new Base64Text(text, start, end, place.room()).bytes();
    }

    /** Bytes written as base64 behind one of several beginnings of a text; nothing if it begins otherwise, or is no text. */
    public Optional<byte[]> bytesAfter(List<String> beginnings) {
        return isString() ? new Base64Text(text, start, end, place.room()).bytesAfter(beginnings) : Optional.empty();
    }

    /** The JSON that is written in this text; what is wrong with it is told as if it were a request by itself. */
    public JsonValue embedded() {
        borrow(2 * width());
        var inside = string().getBytes(StandardCharsets.UTF_8);
        var from = JsonScanner.skipSpace(inside, 0, inside.length);
        return new JsonValue(inside, from, JsonScanner.endOfValue(inside, from, inside.length), place);
    }

    /** The numbers of an array of whole numbers as {@code reader} understands each, without an object for any; null has none. */
    public int[] numbers(String goType, ToIntFunction<JsonValue> reader) {
        if (isNull()) {
            return new int[0];
        }
        var count = count(goType);
        take((long) Integer.BYTES * count);
        var numbers = new int[count];
        var index = 0;
        for (var at = firstElement(); text[at] != ']'; ) {
            var after = JsonScanner.endOfChecked(text, at, end);
            numbers[index++] = reader.applyAsInt(new JsonValue(text, at, after, place.unbounded()));
            at = afterComma(after);
        }
        return numbers;
    }

    /** How many elements an array has, without an object for any; null has none. */
    public int count(String goType) {
        if (isNull()) {
            return 0;
        }
        require(isList(), goType);
        var count = 0;
        for (var at = firstElement(); text[at] != ']'; at = afterComma(JsonScanner.endOfChecked(text, at, end))) {
            count++;
        }
        return count;
    }

    private int firstElement() {
        return JsonScanner.skipSpace(text, start + 1, end);
    }

    /** Takes room for what stays of this value besides what its reader gives back. */
    public void take(long bytes) {
        place.room().take(bytes);
    }

    /** Takes room for what is made of this value while it is read. */
    public void borrow(long bytes) {
        place.room().borrow(bytes);
    }

    /** Takes room for what is made of this value once the request has been read. */
    public void plan(long bytes) {
        place.room().plan(bytes);
    }

    /** Gives back what was planned for this value. */
    public void forgo(long bytes) {
        place.room().forgo(bytes);
    }

    /** Bytes that are planned for the whole request until now. */
    public long planned() {
        return place.room().planned();
    }

    /** Takes room for a tree of this value while it is read. */
    public void borrowTree() {
        borrow(JsonWeight.of(text, start, end));
    }

    /** Takes room for trees of this value, where others take its text apart. */
    public void planTrees() {
        plan(TREES * JsonWeight.of(text, start, end));
    }

    /** Bytes of it in the body. */
    public int length() {
        return end - start;
    }

    /** Most bytes that the characters of a text take: one each, or two if there may be any that is not Latin. */
    public long width() {
        for (var at = start; at < end; at++) {
            if (text[at] < 0 || text[at] == '\\') {
                return 2L * (end - start);
            }
        }
        return length();
    }

    /** The value as plain objects: String, Boolean, Long or Double, List, Map in order, null. */
    public @Nullable Object any() {
        return new JsonTree(text, start, end, place).read();
    }

    /** The failure of a value that is {@code found} where Go has {@code goType}. */
    InvalidRequest mismatch(String found, String goType) {
        return place.mismatch(found, goType);
    }

    /** The members by name: folded names of fields inside {@code struct}, or keys as they are if that is null. */
    private Map<String, JsonValue> members(String goType, @Nullable Place struct) {
        if (isNull()) {
            return Map.of();
        }
        require(isObject(), goType);
        borrow(Room.MAP);
        var members = new LinkedHashMap<String, JsonValue>();
        var at = JsonScanner.skipSpace(text, start + 1, end);
        while (text[at] != '}') {
            var afterKey = JsonScanner.endOfChecked(text, at, end);
            borrow(Room.MEMBER + 4L * (afterKey - at));
            var key = JsonStrings.decode(text, at, afterKey);
            var colon = JsonScanner.skipSpace(text, afterKey, end);
            var from = JsonScanner.skipSpace(text, colon + 1, end);
            var after = JsonScanner.endOfChecked(text, from, end);
            if (struct == null) {
                members.put(key, new JsonValue(text, from, after, place));
            } else {
                put(members, JsonObject.folded(key), from, after, struct);
            }
            at = afterComma(after);
        }
        return members;
    }

    /** A later value of a field replaces an earlier one, unless it is null: Go then leaves the field alone. */
    private void put(Map<String, JsonValue> members, String name, int from, int after, Place struct) {
        if (text[from] != 'n' || !members.containsKey(name)) {
            members.put(name, new JsonValue(text, from, after, struct.field(name)));
        }
    }

    private int afterComma(int after) {
        var at = JsonScanner.skipSpace(text, after, end);
        return text[at] == ',' ? JsonScanner.skipSpace(text, at + 1, end) : at;
    }

    /** Thousands of digits are no number that anything here takes, and too much to repeat. */
    private void requireSensibleNumber(String goType) {
        if (end - start > LONGEST_NUMBER) {
            var beginning = new String(text, start, LONGEST_NUMBER / 10, StandardCharsets.US_ASCII);
            throw mismatch("number " + beginning + "…", goType);
        }
    }

    private void require(boolean fits, String goType) {
        if (!fits) {
            throw mismatch(kind(), goType);
        }
    }

    private String kind() {
        return switch (text[start]) {
            case '"' -> "string";
            case '[' -> "array";
            case '{' -> "object";
            case 't', 'f' -> "bool";
            default -> "number";
        };
    }
}
