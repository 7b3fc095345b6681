// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Thinking;
import dev.puna.engine.OutputFormat;
import dev.puna.inference.FormatOption;
import dev.puna.inference.GenerationParameters;
import dev.puna.inference.ModelReference;
import dev.puna.inference.ThinkOption;
import java.util.OptionalInt;

/**
 * What {@code /api/generate} and {@code /api/chat} are both asked. Source: contract 1.3 and 1.4.
 *
 * @param parameters everything that concerns the model but the prompt
 * @param stream whether the answer comes piece by piece
 */
record GenerationFields(GenerationParameters parameters, boolean stream) {
    GenerationFields {
        requireNonNull(parameters, "parameters is null");
    }

    /**
     * The fields, with the defaults of the contract.
     *
     * @param errors the route's words for a model that is not there
     */
    static GenerationFields read(JsonObject json, ModelErrors errors) {
        // In this order what is wrong with them is told.
        var topLogprobs = RequestFields.topLogprobs(json);
        var model = json.string("model");
        var stream = json.bool("stream", true);
        var format = json.field("format").map(RequestFields::format);
        var keepAlive = json.field("keep_alive").map(RequestFields::keepAlive);
        var options = json.anyMap("options");
        var think = json.field("think").map(GenerationFields::think);
        var truncate = json.bool("truncate", true);
        var shift = json.bool("shift");
        var renderOnly = json.bool("_debug_render_only", false);
        var logprobs = json.bool("logprobs", false) ? OptionalInt.of(topLogprobs) : OptionalInt.empty();
        var parameters = new GenerationParameters(
                new ModelReference(model, json.string("runner"), errors),
                format.orElseGet(() -> new FormatOption.Known(new OutputFormat.Free())),
                keepAlive,
                options,
                think.orElseGet(() -> new ThinkOption.Plain(Thinking.UNSET)),
                truncate,
                shift,
                renderOnly,
                logprobs);
        return new GenerationFields(parameters, stream);
    }

    private static ThinkOption think(JsonValue value) {
        if (value.isBool()) {
            return new ThinkOption.Plain(value.bool() ? Thinking.ON : Thinking.OFF);
        }
        return value.isString() ? new ThinkOption.Named(value.string()) : new ThinkOption.Unreadable();
    }
}
