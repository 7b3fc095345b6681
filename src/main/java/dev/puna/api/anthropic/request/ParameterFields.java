// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What concerns the model in a request, besides the conversation; {@code options} and {@code keep_alive} are Ollama's. Source: contract 1.12, departure 10. */
final class ParameterFields {
    private ParameterFields() {}

    static GenerationParameters read(JsonObject json, boolean promptOnly) {
        var config = json.field("output_config").map(value -> value.object("anthropic.OutputConfig"));
        return new GenerationParameters(
                new ModelReference(json.string("model"), json.string("runner"), ModelErrors.CHAT),
                config.flatMap(given -> format(given, "format", "output_config.format"))
                        .or(() -> format(json, "output_format", "output_format"))
                        .orElseGet(() -> new FormatOption.Known(new OutputFormat.Free())),
                json.field("keep_alive").map(RequestFields::keepAlive),
                options(json),
                new ThinkOption.IfAble(
                        think(json, config.map(given -> given.string("effort")).orElse(""))),
                json.bool("truncate", true),
                Optional.empty(),
                promptOnly,
                OptionalInt.empty());
    }

    private static Map<String, @Nullable Object> options(JsonObject json) {
        var options = new LinkedHashMap<String, @Nullable Object>(json.anyMap("options"));
        json.integer("max_tokens")
                .ifPresent(tokens -> options.put("num_predict", Math.clamp(tokens, 1, Integer.MAX_VALUE)));
        json.field("temperature").ifPresent(value -> options.put("temperature", value.number()));
        json.field("top_p").ifPresent(value -> options.put("top_p", value.number()));
        json.integer("top_k").ifPresent(number -> options.put("top_k", number));
        var stops = json.strings("stop_sequences");
        if (!stops.isEmpty()) {
            options.put("stop", stops);
        }
        return options;
    }

    /** An effort says how much, unless there is to be none. */
    private static ThinkOption think(JsonObject json, String effort) {
        var thinking = json.field("thinking").map(value -> value.object("anthropic.ThinkingConfig"));
        var type = thinking.map(given -> given.string("type")).orElse("");
        thinking.flatMap(given -> given.integer("budget_tokens")).ifPresent(ParameterFields::requireBudget);
        var wanted =
                switch (type) {
                    case "" -> Thinking.UNSET;
                    case "enabled", "adaptive" -> Thinking.ON;
                    case "disabled" -> Thinking.OFF;
                    default ->
                        throw new InvalidRequest(
                                "unknown type %s; expected \"enabled\", \"disabled\" or \"adaptive\""
                                        .formatted(GoQuote.quoted(type)),
                                "thinking.type");
                };
        var level = level(effort);
        return wanted == Thinking.OFF || level.isEmpty()
                ? new ThinkOption.Plain(wanted)
                : new ThinkOption.Effort(level);
    }

    private static void requireBudget(long tokens) {
        if (tokens < 1) {
            throw new InvalidRequest("a budget is at least 1 token, not " + tokens, "thinking.budget_tokens");
        }
    }

    private static String level(String effort) {
        var name = effort.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "", "low", "medium", "high", "max" -> name;
            case "xhigh" -> "high";
            default ->
                throw new InvalidRequest(
                        "unknown effort %s; expected \"low\", \"medium\", \"high\", \"xhigh\" or \"max\""
                                .formatted(GoQuote.quoted(effort)),
                        "output_config.effort");
        };
    }

    private static Optional<FormatOption> format(JsonObject parent, String name, String field) {
        return parent.field(name).map(value -> {
            var format = value.object("anthropic.OutputFormat");
            var type = format.string("type");
            if (!type.equals("json_schema")) {
                throw new InvalidRequest(
                        "unknown type %s; expected \"json_schema\"".formatted(GoQuote.quoted(type)), field + ".type");
            }
            return format.field("schema")
                    .map(RequestFields::format)
                    .orElseThrow(() -> new InvalidRequest("a format of type json_schema needs a schema", field));
        });
    }
}
