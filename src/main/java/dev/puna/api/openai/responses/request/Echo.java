// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an answer repeats of its request, as compact JSON where it can be anything. Source: contract 1.11.
 *
 * @param model as the client names it
 */
public record Echo(
        String model,
        String instructions,
        String tools,
        String toolChoice,
        String truncation,
        boolean parallelToolCalls,
        String text,
        double topP,
        double presencePenalty,
        double frequencyPenalty,
        int topLogprobs,
        double temperature,
        String reasoning,
        String maxOutputTokens,
        String maxToolCalls,
        String metadata,
        String safetyIdentifier,
        String promptCacheKey) {
    private static final String NOTHING = "null";

    static Echo read(JsonObject json, int topLogprobs) {
        return new Echo(
                json.string("model"),
                text(json, "instructions"),
                json.field("tools").map(Echo::tools).orElse("[]"),
                sent(json, "tool_choice", "\"auto\""),
                json.string("truncation").equals("auto") ? "auto" : "disabled",
                json.bool("parallel_tool_calls", true),
                json.field("text")
                        .filter(text -> text.object("openai.ResponsesText")
                                .field("format")
                                .isPresent())
                        .map(JsonValue::rewritten)
                        .orElse("{\"format\":{\"type\":\"text\"}}"),
                number(json, "top_p", 1),
                number(json, "presence_penalty", 0),
                number(json, "frequency_penalty", 0),
                topLogprobs,
                number(json, "temperature", 1),
                json.field("reasoning")
                        .map(value -> complete(value, List.of("effort", "summary")))
                        .orElse(NOTHING),
                sent(json, "max_output_tokens", NOTHING),
                json.integer("max_tool_calls").map(String::valueOf).orElse(NOTHING),
                json.anyMap("metadata").isEmpty() ? "{}" : sent(json, "metadata", NOTHING),
                text(json, "safety_identifier"),
                text(json, "prompt_cache_key"));
    }

    private static String sent(JsonObject json, String field, String absent) {
        return json.field(field).map(JsonValue::rewritten).orElse(absent);
    }

    private static String tools(JsonValue tools) {
        return tools
                .list(
                        "[]openai.ResponsesTool",
                        tool -> tool.object("openai.ResponsesTool")
                                        .string("type")
                                        .equals("function")
                                ? complete(tool, List.of("description", "parameters", "strict"))
                                : tool.rewritten())
                .stream()
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** An object in which the fields that clients expect are null where they were not sent. */
    private static String complete(JsonValue value, List<String> fields) {
        var sent = value.object("openai.ResponsesRequest");
        var json = value.rewritten();
        var missing = fields.stream()
                .filter(field -> sent.field(field).isEmpty() && !json.contains("\"" + field + "\":null"))
                .map(field -> "\"" + field + "\":null")
                .collect(Collectors.joining(","));
        var comma = missing.isEmpty() || json.equals("{}") ? "" : ",";
        return json.substring(0, json.length() - 1) + comma + missing + "}";
    }

    private static String text(JsonObject json, String field) {
        return json.string(field).isEmpty() ? NOTHING : sent(json, field, NOTHING);
    }

    private static double number(JsonObject json, String field, double absent) {
        return json.field(field).map(JsonValue::number).orElse(absent);
    }
}
