// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON files of a model, as Python reads them: infinite numbers and such that are none may stand there, of a name that comes
 * twice the last counts. Objects become maps in their order, lists lists, numbers Long, BigInteger or Double. Any thread.
 */
public final class Json {
    private static final int MAX_DEPTH = 64;
    /** Of what becomes a tree, whose parts take up to a hundred bytes each: four times the index of a model with 60,000 experts. */
    private static final long MAX_TREE_TOKENS = 800_000;
    /** Of what is read as a stream: three times Gemma's vocabulary. */
    private static final long MAX_STREAM_TOKENS = 8_000_000;
    /** Bytes of what is read as a stream; the longest tokenizer.json that is known, Gemma's, has 33 MB. */
    private static final long MAX_STREAM = 48L << 20;

    private static final JsonFactory TREES = factory(MAX_TREE_TOKENS);
    private static final JsonFactory STREAMS = factory(MAX_STREAM_TOKENS);

    private Json() {}

    private static JsonFactory factory(long tokens) {
        return JsonFactory.builder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxTokenCount(tokens)
                        .maxStringLength(ModelFiles.MAX_TEXT)
                        .build())
                .build();
    }

    /** The object that a small file holds; nothing where there is no such file. */
    public static Optional<Map<String, @Nullable Object>> object(ModelFiles files, String name) {
        return files.bytes(name).map(bytes -> object(name, bytes));
    }

    /** The list that a small file holds; nothing where there is no such file. */
    public static Optional<List<?>> list(ModelFiles files, String name) {
        return files.bytes(name).map(bytes -> {
            try (var parser = TREES.createParser(bytes)) {
                if (parser.nextToken() == JsonToken.START_ARRAY && value(parser) instanceof List<?> list) {
                    return list;
                }
                throw new InvalidRequest(name + " must hold a JSON list");
            } catch (IOException e) {
                throw unreadable(name, e);
            }
        });
    }

    /**
     * The object in these bytes.
     *
     * @param name of the file, for errors
     */
    @SuppressWarnings("unchecked") // what value() makes of an object
    public static Map<String, @Nullable Object> object(String name, byte[] bytes) {
        try (var parser = TREES.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidRequest(name + " must hold a JSON object");
            }
            var object = Objects.requireNonNull((Map<String, @Nullable Object>) value(parser));
            if (parser.nextToken() != null) {
                throw new InvalidRequest(name + " goes on after its JSON object");
            }
            return object;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** A parser of a file of up to 48 MiB, which the caller closes; nothing is read of it yet. */
    public static JsonParser stream(ModelFiles files, String name) {
        try {
            var path = files.path(name).orElseThrow(() -> new InvalidRequest("the model lacks the file " + name));
            if (Files.size(path) > MAX_STREAM) {
                throw new InvalidRequest(name + " is longer than 48 MB: that is no file of a model");
            }
            return STREAMS.createParser(Files.newInputStream(path));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** A parser of bytes, with the same rules. */
    public static JsonParser stream(byte[] bytes) throws IOException {
        return STREAMS.createParser(bytes);
    }

    /** The value at which the parser stands, with all in it. */
    public static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = new LinkedHashMap<String, @Nullable Object>();
                for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? parser.getBigIntegerValue()
                        : Long.valueOf(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IOException("no value");
        };
    }

    /** What to tell of a file that is no JSON. */
    public static InvalidRequest unreadable(String name, IOException cause) {
        if (cause instanceof StreamConstraintsException) {
            return new InvalidRequest(name + " has more values, or is nested deeper, than any file of a model");
        }
        var message = String.valueOf(cause.getMessage());
        var end = message.indexOf('\n');
        return new InvalidRequest(name + " is no JSON: " + (end < 0 ? message : message.substring(0, end)));
    }
}
