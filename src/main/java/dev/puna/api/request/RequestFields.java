// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.chat.Image;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoDuration;
import dev.puna.go.GoQuote;
import dev.puna.inference.FormatOption;
import dev.puna.inference.ModelReference;
import dev.puna.inference.VocabularyService.Use;
import dev.puna.model.KeepAlive;
import java.util.List;
import java.util.Optional;

/** Fields that several requests share, with the error texts of contract 1.3 and 1.5. */
public final class RequestFields {
    /** How often a text is there at most while a prompt is made of it: as JSON for its template, rendered, as UTF-8, as tokens. */
    public static final int COPIES = 7;

    /** A Go template becomes a node of a tree for some bytes of its text; a Modelfile an instruction. */
    public static final int TEMPLATE_NODES = 40;

    /** How often a text is there that is only written into the store. */
    public static final int STORED = 3;

    /** More than any context takes: what tells a model how an image begins and ends is some tokens, an image is tens. */
    private static final int MOST_IMAGES = 10_000;

    private static final int MOST_TOP_LOGPROBS = 20;

    private RequestFields() {}

    /** How long the model is to stay; refuses what is neither a number nor a duration. */
    public static KeepAlive keepAlive(JsonValue value) {
        if (value.isNumber()) {
            return KeepAlive.ofSeconds(value.number());
        }
        if (value.isString()) {
            return KeepAlive.of(GoDuration.parse(value.string()));
        }
        var goType = value.isBool() ? "bool" : value.isList() ? "[]interface {}" : "map[string]interface {}";
        throw new InvalidRequest("Unsupported type: '" + goType + "'");
    }

    /** The model whose tokens a request is about, and how long it stays in memory. */
    public static Use vocabulary(JsonObject json) {
        return new Use(
                new ModelReference(json.string("model"), json.string("runner"), ModelErrors.CHAT),
                json.field("keep_alive").map(RequestFields::keepAlive),
                json.anyMap("options"));
    }

    /** Images as base64, no more than any context takes. */
    public static List<Image> images(JsonValue value) {
        requireFewImages(value.count("[]api.ImageData"));
        return value.list("[]api.ImageData", image -> new Image(image.bytes("api.ImageData")));
    }

    /** Refuses more images in a message than any context takes. */
    public static void requireFewImages(int count) {
        if (count > MOST_IMAGES) {
            throw new InvalidRequest(
                    "images holds %d images; a message takes at most %d".formatted(count, MOST_IMAGES));
        }
    }

    /** Tokens are kept in 32 bits by every model; a number beyond is a token of none. */
    public static int token(JsonValue value) {
        var number = value.integer();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new InvalidRequest("context holds %d, which is no token".formatted(number));
        }
        return (int) number;
    }

    /** How many alternatives each token is to come with. */
    public static int topLogprobs(JsonObject json) {
        var number = json.integer("top_logprobs").orElse(0L);
        if (number < 0 || number > MOST_TOP_LOGPROBS) {
            throw new InvalidRequest("top_logprobs must be between 0 and 20");
        }
        return number.intValue();
    }

    /** The form of the answer that {@code format} asks for. */
    public static FormatOption format(JsonValue value) {
        value.planTrees();
        return value.isObject() ? given(value).orElseGet(() -> format(value.raw())) : format(value.raw());
    }

    /** A grammar or a regular expression, in the form of a schema: {@code {"type": "grammar", "grammar": "root ::= …"}}. */
    private static Optional<FormatOption> given(JsonValue value) {
        var object = value.object("api.Format");
        var type = object.field("type").filter(JsonValue::isString).map(JsonValue::string);
        return switch (type.orElse("")) {
            case "grammar" -> Optional.of(grammar(object.field("grammar")));
            case "regex" -> Optional.of(expression(object.field("pattern")));
            default -> Optional.empty();
        };
    }

    /** The form of a grammar in llama.cpp's notation. */
    public static FormatOption grammar(Optional<JsonValue> text) {
        return new FormatOption.Known(new OutputFormat.Gbnf(given(text, "grammar")));
    }

    /** The form of a regular expression. */
    public static FormatOption expression(Optional<JsonValue> text) {
        return new FormatOption.Known(new OutputFormat.Matching(given(text, "pattern")));
    }

    private static String given(Optional<JsonValue> text, String field) {
        var value = text.filter(JsonValue::isString)
                .orElseThrow(() -> new InvalidRequest("%s is missing: it is a text".formatted(field), field));
        value.plan(COPIES * value.width());
        return value.string();
    }

    /** The form that {@code format} asks for, given as JSON text. */
    private static FormatOption format(String json) {
        return switch (json) {
            case "null", "\"\"" -> new FormatOption.Known(new OutputFormat.Free());
            case "\"json\"" -> new FormatOption.Known(new OutputFormat.Json());
            case String schema when schema.startsWith("{") -> new FormatOption.Known(new OutputFormat.Schema(schema));
            case String other ->
                new FormatOption.Refused(
                        new InvalidRequest("invalid format: %s; expected \"json\" or a valid JSON Schema object"
                                .formatted(GoQuote.quoted(other))));
        };
    }
}
