// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as a server sent it. What is missing or of another type reads as empty, 0 or false, since an older or newer
 * server may leave out what this client knows.
 *
 * <p>Made on Jackson's tokens alone: binding would double the time a command takes to start.
 *
 * @param value a Map, List, String, Long, Double, Boolean or null
 */
public record ServerJson(@Nullable Object value) {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ServerJson NOTHING = new ServerJson(null);

    /** The value that the text holds, or nothing if it is not JSON. */
    public static Optional<ServerJson> read(String text) {
        try (var parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            var json = new ServerJson(read(parser));
            return parser.nextToken() == null ? Optional.of(json) : Optional.empty();
        } catch (JsonProcessingException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory could not be read", e);
        }
    }

    /** JSON of a Map, List, String, number, Boolean, {@code ServerJson} or null. */
    public static String write(@Nullable Object value) {
        var text = new StringWriter();
        try (var generator = FACTORY.createGenerator(text)) {
            write(generator, value);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory could not be written", e);
        }
        return text.toString();
    }

    /** The value under a key. */
    public ServerJson at(String key) {
        return value instanceof Map<?, ?> map && map.get(key) != null ? new ServerJson(map.get(key)) : NOTHING;
    }

    public String text(String key) {
        return at(key).text();
    }

    public String text() {
        return value instanceof String text ? text : "";
    }

    /** A whole number; fractions are cut. */
    public long number(String key) {
        return at(key).value instanceof Number number ? number.longValue() : 0;
    }

    public boolean flag(String key) {
        return at(key).value instanceof Boolean flag && flag;
    }

    public List<ServerJson> list(String key) {
        return at(key).list();
    }

    public List<ServerJson> list() {
        return value instanceof List<?> list
                ? list.stream().map(ServerJson::new).toList()
                : List.of();
    }

    public List<String> keys() {
        return value instanceof Map<?, ?> map
                ? map.keySet().stream().map(String::valueOf).toList()
                : List.of();
    }

    private static @Nullable Object read(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = new LinkedHashMap<String, @Nullable Object>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var key = parser.currentName();
                    parser.nextToken();
                    object.put(key, read(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                var list = new ArrayList<@Nullable Object>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> wholeNumber(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("a value starts with " + parser.currentToken());
        };
    }

    private static Object wholeNumber(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? (Object) parser.getDoubleValue()
                : (Object) parser.getLongValue();
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> generator.writeNull();
            case ServerJson(var inner) -> write(generator, inner);
            case Map<?, ?> map -> {
                generator.writeStartObject();
                for (var entry : map.entrySet()) {
                    generator.writeFieldName(String.valueOf(entry.getKey()));
                    write(generator, entry.getValue());
                }
                generator.writeEndObject();
            }
            case List<?> list -> {
                generator.writeStartArray();
                for (var entry : list) {
                    write(generator, entry);
                }
                generator.writeEndArray();
            }
            case String text -> generator.writeString(text);
            case Boolean flag -> generator.writeBoolean(flag);
            case Long number -> generator.writeNumber(number);
            case Integer number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }
}
