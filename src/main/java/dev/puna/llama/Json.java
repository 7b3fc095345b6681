// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;

/** The shim's JSON as trees: no type of ours is bound to it. */
final class Json {
    /** A prompt is one string, as long as a conversation may be. */
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The tree of what somebody asked for. */
    static JsonNode parseGiven(String json, String what) {
        try {
            return parse(json);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("invalid " + what + ": " + e.getMessage());
        }
    }

    static JsonNode parse(String json) {
        try {
            var tree = MAPPER.readTree(json);
            if (tree.isMissingNode()) {
                throw new IllegalArgumentException("it is empty");
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw new IllegalArgumentException("it is nested too deeply, or something in it is too long", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it cannot be read as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
