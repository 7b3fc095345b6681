// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt.FillIn;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.DirectCompletion;
import dev.puna.inference.ThinkOption;
import java.util.List;
import java.util.OptionalInt;

/**
 * The body of {@code /infill}, as llama.cpp's server has it, with the name of a model.
 *
 * @param completion what is asked of the model
 * @param stream whether the answer comes piece by piece
 */
public record InfillRequest(DirectCompletion completion, boolean stream) {
    private static final int MOST_EXTRAS = 1_000;

    public InfillRequest {
        requireNonNull(completion, "completion is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static InfillRequest read(JsonObject json) {
        var gap = new FillIn(
                json.prose("input_prefix", RequestFields.COPIES),
                json.prose("input_suffix", RequestFields.COPIES),
                json.prose("prompt", RequestFields.COPIES),
                json.field("input_extra").map(InfillRequest::extras).orElse(List.of()),
                "this model cannot fill in: its vocabulary has no tokens for prefix, suffix and middle");
        if (gap.prefix().isEmpty() && gap.suffix().isEmpty() && gap.begun().isEmpty()) {
            throw new InvalidRequest(
                    "input_prefix and input_suffix are missing: there is no gap to fill", "input_prefix");
        }
        var options = SamplingFields.beside(json);
        json.integer("n_predict").ifPresent(tokens -> options.put("num_predict", tokens));
        var think = new ThinkOption.Plain(Thinking.UNSET);
        var parameters = ParameterFields.of(json, ModelErrors.CHAT, OptionalInt.empty(), think, options);
        return new InfillRequest(new DirectCompletion(parameters, gap), json.bool("stream", false));
    }

    private static List<FillIn.Extra> extras(JsonValue value) {
        if (value.count("[]openai.Extra") > MOST_EXTRAS) {
            throw new InvalidRequest("input_extra holds more than %d texts".formatted(MOST_EXTRAS), "input_extra");
        }
        return value.list("[]openai.Extra", extra -> {
            var json = extra.object("openai.Extra");
            return new FillIn.Extra(
                    json.prose("filename", RequestFields.COPIES), json.prose("text", RequestFields.COPIES));
        });
    }
}
