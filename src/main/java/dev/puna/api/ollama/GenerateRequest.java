// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.chat.Image;
import dev.puna.model.IntList;
import java.util.List;
import java.util.Optional;

/**
 * The body of {@code /api/generate}. Source: contract 1.3.
 *
 * @param fields what it shares with a chat
 * @param prompt what to answer; empty, as the suffix, to load or unload the model
 * @param suffix text that should follow the answer
 * @param system replaces the model's system text unless empty
 * @param template replaces the model's template unless empty
 * @param context tokens of an earlier exchange; present even when empty if it was sent
 * @param raw whether the prompt goes before the model as it is
 * @param images images that belong to the prompt
 */
record GenerateRequest(
        GenerationFields fields,
        String prompt,
        String suffix,
        String system,
        String template,
        Optional<List<Integer>> context,
        boolean raw,
        List<Image> images) {
    /** What a token of the context becomes on its way to the model: a number twice more, and its text, several times. */
    private static final int BYTES_OF_A_TOKEN = 40;

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest} in Go's words. */
    static GenerateRequest read(JsonObject json) {
        return new GenerateRequest(
                GenerationFields.read(json),
                json.prose("prompt", RequestFields.COPIES),
                json.prose("suffix", RequestFields.COPIES),
                json.prose("system", RequestFields.COPIES),
                json.prose("template", RequestFields.TEMPLATE_NODES),
                json.field("context").map(GenerateRequest::tokens),
                json.bool("raw", false),
                json.field("images").map(RequestFields::images).orElse(List.of()));
    }

    private static List<Integer> tokens(JsonValue value) {
        var tokens = value.numbers("[]int", RequestFields::token);
        value.plan((long) BYTES_OF_A_TOKEN * tokens.length);
        return new IntList(tokens);
    }
}
