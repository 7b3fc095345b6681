// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.DirectCompletion;
import dev.puna.inference.GenerationParameters;
import dev.puna.inference.TextCompletion;
import dev.puna.inference.ThinkOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The body of {@code /v1/completions}. Source: contract 1.11, departure 10.
 *
 * @param prompts what is to be gone on from, at least one
 * @param each how many answers each gets
 * @param echoed texts that the answers to each prompt begin with; none if they begin with what is new
 * @param delivery how the answer comes
 */
public record CompletionRequest(
        List<dev.puna.inference.CompletionRequest> prompts, int each, List<String> echoed, Delivery delivery) {
    private static final long MOST_LOGPROBS = 20;
    private static final int MOST_ANSWERS = 1024;

    public CompletionRequest {
        prompts = List.copyOf(prompts);
        echoed = List.copyOf(echoed);
        requireNonNull(delivery, "delivery is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static CompletionRequest read(JsonObject json) {
        var each = AnswerCount.each(json);
        var prompts = PromptField.read(json.field("prompt"), MOST_ANSWERS / each);
        var logprobs = logprobs(json);
        var echoed = echoed(json, prompts, logprobs.isPresent());
        var think = new ThinkOption.Plain(Thinking.UNSET);
        var parameters = ParameterFields.of(json, ModelErrors.GENERATE, logprobs, think);
        var suffix = json.prose("suffix", RequestFields.COPIES);
        var completions = prompts.stream()
                .map(prompt -> completion(prompt, parameters, suffix))
                .toList();
        return new CompletionRequest(completions, each, echoed, Delivery.read(json));
    }

    /** What the answer of an index begins with. */
    public String echo(int index) {
        return echoed.isEmpty() ? "" : echoed.get(index / each);
    }

    private static dev.puna.inference.CompletionRequest completion(
            PromptField prompt, GenerationParameters parameters, String suffix) {
        return switch (prompt) {
            case PromptField.Text(var text) ->
                new TextCompletion(parameters, text, suffix, "", "", Optional.empty(), false, List.of());
            case PromptField.Tokens(var tokens) -> {
                if (!suffix.isEmpty()) {
                    throw new InvalidRequest("suffix goes with prompts that are texts, not tokens", "suffix");
                }
                yield new DirectCompletion(parameters, new Prompt.Tokens(tokens));
            }
        };
    }

    private static List<String> echoed(JsonObject json, List<PromptField> prompts, boolean logprobs) {
        if (!json.bool("echo", false)) {
            return List.of();
        }
        if (logprobs) {
            throw new InvalidRequest(
                    "echo does not go with logprobs: the tokens of a prompt have no log probabilities here", "echo");
        }
        return prompts.stream()
                .map(prompt -> switch (prompt) {
                    case PromptField.Text(var text) -> text;
                    case PromptField.Tokens _ ->
                        throw new InvalidRequest("echo goes with prompts that are texts, not tokens", "echo");
                })
                .toList();
    }

    /** How many alternatives come with each token. */
    private static OptionalInt logprobs(JsonObject json) {
        var wanted = json.integer("logprobs");
        if (wanted.isPresent() && (wanted.get() < 0 || wanted.get() > MOST_LOGPROBS)) {
            throw new InvalidRequest("logprobs must be between 0 and 20", "logprobs");
        }
        return wanted.map(number -> OptionalInt.of(number.intValue())).orElse(OptionalInt.empty());
    }
}
