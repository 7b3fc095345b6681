// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;

/** The shim's JSON as trees: no type of ours is bound to it. */
public final class ShimJson {
    /**
     * Numbers stay as they were written, since digits beyond those of a double count in schemas and in arguments; a prompt is one
     * string, as long as a conversation may be.
     */
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private ShimJson() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The tree of what somebody asked for. */
    public static JsonNode parseGiven(String json, String what) {
        try {
            return parse(json);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("invalid " + what + ": " + e.getMessage());
        }
    }

    public static JsonNode parse(String json) {
        try {
            var tree = MAPPER.readTree(json);
            if (tree.isMissingNode()) {
                throw new IllegalArgumentException("it is empty");
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw new IllegalArgumentException("it is nested too deeply, or something in it is too long", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it cannot be read as JSON", e);
        }
    }
}
