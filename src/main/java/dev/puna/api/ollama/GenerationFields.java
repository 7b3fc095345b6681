// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.chat.Thinking;
import dev.puna.model.KeepAlive;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /api/generate} and {@code /api/chat} are both asked. Source: contract 1.3 and 1.4.
 *
 * @param model the model as the client names it
 * @param stream whether the answer comes piece by piece
 * @param format the JSON text of {@code format} as it was sent
 * @param keepAlive how long the model stays in memory
 * @param options as parsed JSON
 * @param think how much to reason
 * @param truncate whether what does not fit the context may be left out
 * @param shift whether a full context drops its middle; absent for the model's habit
 * @param debugRenderOnly whether only the rendered prompt is wanted
 * @param topLogprobs absent for no log probabilities, else how many alternatives come with each token
 * @param runner which of several weights are wanted; empty for the best
 */
record GenerationFields(
        String model,
        boolean stream,
        Optional<String> format,
        Optional<KeepAlive> keepAlive,
        Map<String, @Nullable Object> options,
        ThinkOption think,
        boolean truncate,
        Optional<Boolean> shift,
        boolean debugRenderOnly,
        OptionalInt topLogprobs,
        String runner) {

    static GenerationFields read(JsonObject json) {
        var topLogprobs = RequestFields.topLogprobs(json);
        return new GenerationFields(
                json.string("model"),
                json.bool("stream", true),
                json.field("format").map(GenerationFields::schema),
                json.field("keep_alive").map(RequestFields::keepAlive),
                json.anyMap("options"),
                json.field("think").map(ThinkOption::of).orElse(new ThinkOption.Plain(Thinking.UNSET)),
                json.bool("truncate", true),
                json.bool("shift"),
                json.bool("_debug_render_only", false),
                json.bool("logprobs", false) ? OptionalInt.of(topLogprobs) : OptionalInt.empty(),
                json.string("runner"));
    }

    private static String schema(JsonValue value) {
        value.planTrees();
        return value.raw();
    }

    boolean unloads() {
        return keepAlive.isPresent() && keepAlive.get().unloadsAtOnce();
    }
}
