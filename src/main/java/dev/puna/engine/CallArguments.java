// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;

/**
 * Arguments of calls in a history as models know them: without spaces between, letters as they are and not as escapes, whichever
 * way the client wrote them. Numbers keep their digits. Some templates print the text as it is.
 */
final class CallArguments {
    private static final JsonFactory JSON = new JsonFactory();

    private CallArguments() {}

    /** The same JSON, written anew; what is no JSON stays what it is, for the template to refuse. */
    static String rewritten(String arguments) {
        var text = new StringWriter(arguments.length());
        try (var parser = JSON.createParser(arguments);
                var generator = JSON.createGenerator(text)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                copy(token, parser, generator);
            }
        } catch (IOException broken) {
            return arguments;
        }
        return text.toString();
    }

    private static void copy(JsonToken token, JsonParser parser, JsonGenerator generator) throws IOException {
        switch (token) {
            case FIELD_NAME -> generator.writeFieldName(whole(parser.getText()));
            case VALUE_STRING -> generator.writeString(whole(parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> generator.writeNumber(parser.getText());
            default -> generator.copyCurrentEvent(parser);
        }
    }

    /** Half of a surrogate pair is no letter, and becomes the sign for that as in Go. */
    private static String whole(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        var letters = text.codePoints()
                .map(letter ->
                        letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE ? '\uFFFD' : letter)
                .toArray();
        return new String(letters, 0, letters.length);
    }
}
