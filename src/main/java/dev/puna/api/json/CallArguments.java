// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;

/**
 * The arguments of a call as clients can read them, whatever a model wrote: halves of surrogate pairs are U+FFFD, as in Go; a number
 * beyond doubles is its own text, since many readers refuse an answer for it; whole numbers have all their digits.
 */
public final class CallArguments {
    /** {@code 1E400} is kept until it is known whether a double holds it. */
    private static final ObjectReader READER =
            RecordJson.mapper().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private CallArguments() {}

    /** The value of arguments that were found to be JSON. */
    public static JsonNode of(String json) {
        try {
            return written(READER.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("arguments of a call are no JSON: " + json, e);
        }
    }

    /** The same as compact text. */
    public static String text(String json) {
        return new String(RecordJson.bytes(of(json)), StandardCharsets.UTF_8);
    }

    private static JsonNode written(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var members = NODES.objectNode();
                object.properties().forEach(member -> members.set(whole(member.getKey()), written(member.getValue())));
                yield members;
            }
            case ArrayNode array -> {
                var elements = NODES.arrayNode();
                array.forEach(element -> elements.add(written(element)));
                yield elements;
            }
            default -> node.isTextual() ? NODES.textNode(whole(node.asText())) : node.isNumber() ? number(node) : node;
        };
    }

    private static JsonNode number(JsonNode node) {
        var literal = node.numberValue().toString();
        return WrittenNumber.of(literal)
                .<JsonNode>map(text -> new POJONode(new RawValue(text)))
                .orElseGet(() -> NODES.textNode(literal));
    }

    private static String whole(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                // Only code points that are no pair count as surrogates here.
                return text.codePoints()
                        .map(point ->
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
