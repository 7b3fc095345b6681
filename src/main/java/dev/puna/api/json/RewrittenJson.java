// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * JSON of a request that goes on to a model, written anew: compact, letters as they are and with {@link WrittenNumber}s. Ollama does
 * so with the arguments of calls, so a client's own spacing and escapes never reach a prompt. No tree is built.
 */
final class RewrittenJson {
    private static final int DEEPEST = 1_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private RewrittenJson() {}

    /**
     * The same value.
     *
     * @param json of checked syntax, without halves of surrogate pairs
     * @param place where it stands, for the message to who sent a number beyond doubles
     */
    static String of(String json, Place place) {
        var text = new StringWriter(json.length());
        try (var in = JSON.createParser(json);
                var out = JSON.createGenerator(text)) {
            for (var token = in.nextToken(); token != null; token = in.nextToken()) {
                copy(token, in, out, place);
            }
        } catch (StreamConstraintsException e) {
            throw new InvalidRequest("%s is nested too deeply (at most %d levels), or has a number that is too long"
                    .formatted(place.path(), DEEPEST));
        } catch (IOException e) {
            throw new UncheckedIOException("checked JSON cannot be read", e);
        }
        return text.toString();
    }

    private static void copy(JsonToken token, JsonParser in, JsonGenerator out, Place place) throws IOException {
        if (token.isNumeric()) {
            var literal = in.getText();
            out.writeNumber(
                    WrittenNumber.of(literal).orElseThrow(() -> place.mismatch("number " + literal, "float64")));
        } else {
            out.copyCurrentEvent(in);
        }
    }
}
