// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Thinking;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.inference.FormatOption;
import dev.puna.inference.GenerationParameters;
import dev.puna.inference.ModelReference;
import dev.puna.inference.ThinkOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What concerns the model in a request for text, besides the text itself. Source: contract 1.11. */
public final class ParameterFields {
    private ParameterFields() {}

    /** The parameters of a chat. */
    static GenerationParameters chat(JsonObject json, ModelErrors errors) {
        var topLogprobs = RequestFields.topLogprobs(json);
        var logprobs = json.bool("logprobs", false) ? OptionalInt.of(topLogprobs) : OptionalInt.empty();
        return of(json, errors, logprobs, effort(json));
    }

    /**
     * The parameters of any request.
     *
     * @param logprobs absent for none, else how many alternatives come with each token
     */
    static GenerationParameters of(JsonObject json, ModelErrors errors, OptionalInt logprobs, ThinkOption think) {
        return of(json, errors, logprobs, think, SamplingFields.options(json));
    }

    /**
     * The parameters of any request.
     *
     * @param logprobs absent for none, else how many alternatives come with each token
     * @param options of the request, whatever its fields say
     */
    static GenerationParameters of(
            JsonObject json,
            ModelErrors errors,
            OptionalInt logprobs,
            ThinkOption think,
            Map<String, @Nullable Object> options) {
        return new GenerationParameters(
                new ModelReference(json.string("model"), json.string("runner"), errors),
                format(json),
                json.field("keep_alive").map(RequestFields::keepAlive),
                options,
                think,
                json.bool("truncate", true),
                Optional.empty(),
                json.bool("_debug_render_only", false),
                json.bool("stream", false) && json.bool("return_progress", false),
                logprobs);
    }

    /** The form of the answer; a grammar may stand by itself, as with llama.cpp's server. */
    private static FormatOption format(JsonObject json) {
        return json.field("response_format")
                .map(ParameterFields::format)
                .or(() -> json.field("grammar")
                        .filter(text -> !text.isString() || text.length() > "\"\"".length())
                        .map(text -> RequestFields.grammar(Optional.of(text))))
                .orElseGet(ParameterFields::free);
    }

    /** How much the model is to think. */
    public static ThinkOption effort(JsonObject json) {
        var effort = json.field("reasoning")
                .map(reasoning -> reasoning.object("openai.Reasoning").string("effort"))
                .orElseGet(() -> json.string("reasoning_effort"));
        return effort.isEmpty() ? new ThinkOption.Plain(Thinking.UNSET) : new ThinkOption.Effort(effort);
    }

    private static FormatOption format(JsonValue value) {
        var format = value.object("openai.ResponseFormat");
        var type = format.string("type");
        return switch (type.strip().toLowerCase(Locale.ROOT)) {
            case "json_object" -> new FormatOption.Known(new OutputFormat.Json());
            case "json_schema" ->
                format.field("json_schema")
                        .flatMap(schema -> schema.object("openai.JsonSchema").field("schema"))
                        .map(RequestFields::format)
                        .orElseThrow(() -> new InvalidRequest(
                                "response_format of type json_schema has no schema",
                                "response_format.json_schema.schema"));
            case "grammar" -> RequestFields.grammar(format.field("grammar"));
            case "regex" -> RequestFields.expression(format.field("pattern"));
            case "text", "" -> free();
            default ->
                throw new InvalidRequest(
                        "invalid response_format type: %s; expected \"text\", \"json_object\", \"json_schema\", \"grammar\" or \"regex\""
                                .formatted(GoQuote.quoted(type)),
                        "response_format.type");
        };
    }

    private static FormatOption free() {
        return new FormatOption.Known(new OutputFormat.Free());
    }
}
