// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Schemas as tests write them. */
final class Schemas {
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Schemas() {}

    /** JSON, in which single quotes stand for double ones if it begins with them. */
    static JsonNode read(String json) {
        try {
            return JSON.readTree(
                    json.startsWith("{'") ? json.replace("\"", "\\\"").replace('\'', '"') : json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    static GrammarText grammar(String schema) {
        return new GrammarText(SchemaGrammar.of(read(schema), "#").rules());
    }
}
