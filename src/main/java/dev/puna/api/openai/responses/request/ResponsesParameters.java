// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.openai.request.ParameterFields;
import dev.puna.api.openai.request.SamplingFields;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.inference.FormatOption;
import dev.puna.inference.GenerationParameters;
import dev.puna.inference.ModelReference;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What concerns the model in a request for an answer, besides the input. Source: contract 1.11. */
final class ResponsesParameters {
    private ResponsesParameters() {}

    static GenerationParameters read(JsonObject json) {
        return new GenerationParameters(
                new ModelReference(json.string("model"), json.string("runner"), ModelErrors.CHAT),
                json.field("text")
                        .flatMap(text -> text.object("openai.ResponsesText").field("format"))
                        .map(ResponsesParameters::format)
                        .orElseGet(ResponsesParameters::free),
                json.field("keep_alive").map(RequestFields::keepAlive),
                options(json),
                ParameterFields.effort(json),
                truncates(json.string("truncation")),
                Optional.empty(),
                json.bool("_debug_render_only", false),
                logprobs(json));
    }

    /** As those of chats, but without a {@code top_p} of its own. */
    private static Map<String, @Nullable Object> options(JsonObject json) {
        var options = SamplingFields.options(json);
        if (json.field("top_p").isEmpty() && !json.anyMap("options").containsKey("top_p")) {
            options.remove("top_p");
        }
        SamplingFields.longest(json, "max_output_tokens").ifPresent(tokens -> options.put("num_predict", tokens));
        return options;
    }

    /** Whether what does not fit is left out: if nothing is said it is, as in Ollama's other routes. */
    private static boolean truncates(String truncation) {
        return switch (truncation) {
            case "", "auto" -> true;
            case "disabled" -> false;
            default ->
                throw new InvalidRequest(
                        "truncation is %s; expected \"auto\" or \"disabled\"".formatted(GoQuote.quoted(truncation)),
                        "truncation");
        };
    }

    /** How many alternatives come with each token; none come unless they are to be included. */
    private static OptionalInt logprobs(JsonObject json) {
        var alternatives = RequestFields.topLogprobs(json);
        return alternatives > 0 || json.strings("include").contains("message.output_text.logprobs")
                ? OptionalInt.of(alternatives)
                : OptionalInt.empty();
    }

    private static FormatOption format(JsonValue value) {
        var format = value.object("openai.ResponsesTextFormat");
        var type = format.string("type");
        return switch (type.strip().toLowerCase(Locale.ROOT)) {
            case "text", "" -> free();
            case "json_object" -> new FormatOption.Known(new OutputFormat.Json());
            case "json_schema" ->
                format.field("schema")
                        .map(RequestFields::format)
                        .orElseThrow(() -> new InvalidRequest(
                                "text.format of type json_schema has no schema", "text.format.schema"));
            default ->
                throw new InvalidRequest(
                        "invalid text.format type: %s; expected \"text\", \"json_object\" or \"json_schema\""
                                .formatted(GoQuote.quoted(type)),
                        "text.format.type");
        };
    }

    private static FormatOption free() {
        return new FormatOption.Known(new OutputFormat.Free());
    }
}
