// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.failure.InvalidRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are chosen and when an answer ends: OpenAI's fields, and Ollama's options both under {@code options} and, those that
 * concern tokens, beside OpenAI's, which win. Source: contract 1.11, departure 10.
 */
public final class SamplingFields {
    /** Fields with a fraction that have the same name as an option. */
    private static final List<String> REALS = List.of(
            "temperature", "top_p", "min_p", "typical_p", "repeat_penalty", "frequency_penalty", "presence_penalty");

    /** Whole ones. */
    private static final List<String> WHOLES = List.of("seed", "top_k", "repeat_last_n");

    /** Those that are looked at with the options. */
    private static final List<String> BY_NAME = List.of("logit_bias", "ignore_eos");

    private SamplingFields() {}

    /** The options of a request. */
    public static Map<String, @Nullable Object> options(JsonObject json) {
        var options = beside(json);
        // Not the model's own, nor the server's: so OpenAI has it, and Ollama.
        options.putIfAbsent("temperature", 1.0);
        options.putIfAbsent("top_p", 1.0);
        return options;
    }

    /** What is said of options and beside them, and no more. */
    static Map<String, @Nullable Object> beside(JsonObject json) {
        var options = new LinkedHashMap<String, @Nullable Object>(json.anyMap("options"));
        REALS.forEach(name -> json.field(name).ifPresent(value -> options.put(name, value.number())));
        WHOLES.forEach(name -> json.integer(name).ifPresent(number -> options.put(name, number)));
        json.field("stop").ifPresent(stop -> options.put("stop", stops(stop)));
        longest(json, "max_completion_tokens")
                .or(() -> longest(json, "max_tokens"))
                .ifPresent(tokens -> options.put("num_predict", tokens));
        BY_NAME.forEach(name -> json.field(name).ifPresent(value -> options.put(name, value.any())));
        return options;
    }

    private static List<String> stops(JsonValue stop) {
        if (stop.isString()) {
            return List.of(stop.string());
        }
        if (!stop.isList()) {
            throw new InvalidRequest("stop must be a string or a list of strings", "stop");
        }
        return stop.list("[]string", text -> text.isString() ? text.string() : "").stream()
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** The most tokens of an answer, as a field of that name says it. */
    public static Optional<Long> longest(JsonObject json, String name) {
        var tokens = json.integer(name);
        if (tokens.isPresent() && tokens.get() < 1) {
            throw new InvalidRequest(
                    "%s is %d: it must be at least 1; leave it out for no limit".formatted(name, tokens.get()), name);
        }
        return tokens;
    }
}
