// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code tokenizer.json} as a stream, since it may have 30 MB. <b>Threads:</b> one. */
final class TokenizerReader {
    /** What separates the parts of a merge: no byte of UTF-8. */
    static final byte BETWEEN = (byte) 0xFF;

    private static final String FILE = TokenizerJson.FILE;
    /** Names are tokens here: a table of them would be as large as the vocabulary. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxStringLength(ModelFiles.MAX_TEXT)
                    .build())
            .build();

    private final Map<String, @Nullable Object> model = new LinkedHashMap<>();
    private final List<AddedToken> addedTokens = new ArrayList<>();
    private final Map<String, Config> parts = new HashMap<>();
    private Pieces pieces = new Pieces(false);
    private Texts merges = new Texts();
    private boolean mergesArePairs;

    private TokenizerReader() {}

    /** Reads the file. */
    static TokenizerJson read(Path path) {
        var reader = new TokenizerReader();
        try (var parser = FACTORY.createParser(Files.newInputStream(path))) {
            reader.file(parser);
        } catch (IOException e) {
            throw Json.unreadable(FILE, e);
        }
        return new TokenizerJson(
                reader.pieces, reader.merges, reader.mergesArePairs, reader.model, reader.addedTokens, reader.parts);
    }

    private void file(JsonParser parser) throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "the file must hold an object");
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var token = parser.nextToken();
            switch (name) {
                case "model" -> {
                    expect(token, JsonToken.START_OBJECT, "'model' must be an object");
                    model(parser);
                }
                case "added_tokens" -> addedTokens(parser);
                default -> {
                    if (Json.value(parser) instanceof Map<?, ?> part) {
                        parts.put(name, config(name, part));
                    }
                }
            }
        }
        expect(parser.nextToken(), null, "nothing may follow the object");
    }

    private void model(JsonParser parser) throws IOException {
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var token = parser.nextToken();
            switch (name) {
                case "vocab" -> {
                    if (token == JsonToken.START_ARRAY) {
                        scoredPieces(parser);
                    } else {
                        expect(token, JsonToken.START_OBJECT, "'vocab' must be an object or a list");
                        pieces(parser);
                    }
                }
                case "merges" -> merges(parser, token);
                default -> model.put(name, Json.value(parser));
            }
        }
    }

    private void pieces(JsonParser parser) throws IOException {
        pieces = new Pieces(false);
        for (var piece = parser.nextFieldName(); piece != null; piece = parser.nextFieldName()) {
            expect(parser.nextToken(), JsonToken.VALUE_NUMBER_INT, "each token in 'vocab' must have a whole number");
            pieces.add(piece, parser.getLongValue());
        }
    }

    private void scoredPieces(JsonParser parser) throws IOException {
        var what = "each token in 'vocab' must be a list of a text and a score";
        pieces = new Pieces(true);
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            expect(token, JsonToken.START_ARRAY, what);
            expect(parser.nextToken(), JsonToken.VALUE_STRING, what);
            var piece = parser.getText();
            var score = parser.nextToken();
            if (score == null || !score.isNumeric()) {
                throw new InvalidRequest(FILE + ": " + what);
            }
            pieces.add(piece, (float) parser.getDoubleValue());
            expect(parser.nextToken(), JsonToken.END_ARRAY, what);
        }
    }

    private void merges(JsonParser parser, JsonToken start) throws IOException {
        merges = new Texts();
        if (start == JsonToken.VALUE_NULL) {
            return;
        }
        expect(start, JsonToken.START_ARRAY, "'merges' must be a list");
        var bytes = new ByteArrayOutputStream();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            var pair = token == JsonToken.START_ARRAY;
            if (merges.count() == 0) {
                mergesArePairs = pair;
            } else if (pair != mergesArePairs) {
                throw new InvalidRequest(FILE + ": 'merges' has both texts and lists of two texts");
            }
            merges.add(pair ? pair(parser, bytes) : line(parser, token));
        }
    }

    private static byte[] pair(JsonParser parser, ByteArrayOutputStream bytes) throws IOException {
        var what = "each merge must be a list of two texts";
        bytes.reset();
        expect(parser.nextToken(), JsonToken.VALUE_STRING, what);
        bytes.writeBytes(parser.getText().getBytes(StandardCharsets.UTF_8));
        bytes.write(BETWEEN);
        expect(parser.nextToken(), JsonToken.VALUE_STRING, what);
        bytes.writeBytes(parser.getText().getBytes(StandardCharsets.UTF_8));
        expect(parser.nextToken(), JsonToken.END_ARRAY, what);
        return bytes.toByteArray();
    }

    private static byte[] line(JsonParser parser, @Nullable JsonToken token) throws IOException {
        expect(token, JsonToken.VALUE_STRING, "each merge must be a text or a list of two texts");
        var merge = parser.getText();
        var space = merge.indexOf(' ');
        if (space < 0 || merge.indexOf(' ', space + 1) >= 0) {
            throw new InvalidRequest(FILE + ": the merge " + Quoted.of(merge) + " must have one space in it");
        }
        var bytes = merge.getBytes(StandardCharsets.UTF_8);
        for (var at = 0; at < bytes.length; at++) {
            if (bytes[at] == ' ') {
                bytes[at] = BETWEEN;
            }
        }
        return bytes;
    }

    private void addedTokens(JsonParser parser) throws IOException {
        addedTokens.clear();
        if (Json.value(parser) instanceof List<?> tokens) {
            for (var token : tokens) {
                if (!(token instanceof Map<?, ?> map)) {
                    throw new InvalidRequest(FILE + ": each of 'added_tokens' must be an object");
                }
                var fields = config("added_tokens", map);
                var id = fields.whole("id");
                if (id < 0 || id > Pieces.MAX_ID) {
                    throw new InvalidRequest(FILE + ": an added token has the id " + id + ", which is out of range");
                }
                addedTokens.add(AddedToken.of(fields, (int) id));
            }
        }
    }

    private static Config config(String name, Map<?, ?> map) {
        var named = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> named.put(String.valueOf(key), value));
        return new Config(FILE + " " + name, named);
    }

    private static void expect(@Nullable JsonToken token, @Nullable JsonToken expected, String what) {
        if (token != expected) {
            throw new InvalidRequest(FILE + ": " + what);
        }
    }
}
