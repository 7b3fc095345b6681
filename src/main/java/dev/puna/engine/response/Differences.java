// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.failure.NativeFailure;

/** What {@code puna_chat_parser_feed} tells. */
final class Differences {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Differences() {}

    /** Objects of {@code thinking}, {@code content} or {@code tool_call}, in order. */
    static JsonNode in(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException broken) {
            throw new NativeFailure("the answer's parser gave no JSON that can be read", broken);
        }
    }
}
