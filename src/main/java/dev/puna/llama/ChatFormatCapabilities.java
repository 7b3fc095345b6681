// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a chat template can express.
 *
 * @param source the template's own text
 */
public record ChatFormatCapabilities(String source, boolean toolCalls, boolean thinking, boolean parallelToolCalls) {

    static ChatFormatCapabilities from(JsonNode json) {
        return new ChatFormatCapabilities(
                json.path("source").asText(),
                json.path("supports_tool_calls").asBoolean(),
                json.path("supports_thinking").asBoolean(),
                json.path("supports_parallel_tool_calls").asBoolean());
    }
}
