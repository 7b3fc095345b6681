// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static java.util.Objects.requireNonNull;

import dev.puna.api.answer.Answer;
import dev.puna.api.openai.request.Delivery;
import dev.puna.api.openai.wire.CompletionObject;
import dev.puna.api.openai.wire.CompletionObject.Choice;
import dev.puna.api.openai.wire.CompletionObject.Piece;
import dev.puna.api.openai.wire.ProgressObject;
import dev.puna.api.openai.wire.TimingsObject;
import dev.puna.api.openai.wire.UsageObject;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import dev.puna.engine.TokenLogprob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the events of one generation become an answer of {@code /v1/completions}, which has no place for thoughts. One answer at a time;
 * the events come one after the other, from any thread. Source: contract 1.11.
 */
final class CompletionAnswer implements Answer {
    private static final String OBJECT = "text_completion";

    private final String id = AnswerParts.id("cmpl");
    private final String model;
    private final long created;
    private final Delivery delivery;
    private final StringBuilder said = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private @Nullable Finished end;

    /**
     * @param model as the client names it
     */
    CompletionAnswer(String model, Instant created, Delivery delivery) {
        this.model = model;
        this.created = created.getEpochSecond();
        this.delivery = delivery;
    }

    @Override
    public List<Piece> pieces(GenerationEvent event) {
        return switch (event) {
            case PromptProgress progress ->
                List.of(piece(List.of(new Choice("", 0, null, null)), noneYet(), null, AnswerParts.progress(progress)));
            case Text(var text, var tokens) ->
                List.of(piece(List.of(new Choice(text, 0, null, AnswerParts.logprobs(tokens))), noneYet(), null));
            case Reasoning _, ToolUse _ -> List.of();
            case Finished finished -> ends(finished);
        };
    }

    private List<Piece> ends(Finished finished) {
        var reason = AnswerParts.finishReason(finished.reason());
        var last = piece(List.of(new Choice("", 0, reason, null)), noneYet(), null);
        var usage = finished.usage();
        return delivery.usage()
                ? List.of(last, piece(List.of(), AnswerParts.usage(usage), AnswerParts.timings(usage)))
                : List.of(last);
    }

    private @Nullable UsageObject noneYet() {
        return delivery.usage() ? UsageObject.none() : null;
    }

    private Piece piece(List<Choice> choices, @Nullable UsageObject usage, @Nullable TimingsObject timings) {
        return piece(choices, usage, timings, null);
    }

    private Piece piece(
            List<Choice> choices,
            @Nullable UsageObject usage,
            @Nullable TimingsObject timings,
            @Nullable ProgressObject progress) {
        return new Piece(id, OBJECT, created, choices, model, AnswerParts.FINGERPRINT, usage, timings, progress);
    }

    @Override
    public void add(GenerationEvent event) {
        switch (event) {
            case Text(var text, var tokens) -> {
                said.append(text);
                logprobs.addAll(tokens);
            }
            case PromptProgress _, Reasoning _, ToolUse _ -> {}
            case Finished finished -> end = finished;
        }
    }

    @Override
    public CompletionObject whole() {
        var finished = requireNonNull(end, "the answer has no end");
        var reason = AnswerParts.finishReason(finished.reason());
        return whole(
                new Choice(said.toString(), 0, reason, AnswerParts.logprobs(logprobs)),
                AnswerParts.usage(finished.usage()));
    }

    @Override
    public Record empty() {
        var nothing = new Choice("", 0, "stop", null);
        return delivery.stream() ? piece(List.of(nothing), noneYet(), null) : whole(nothing, UsageObject.none());
    }

    @Override
    public CompletionObject rendered(String prompt, int images) {
        return whole(new Choice(prompt, 0, "stop", null), UsageObject.none());
    }

    private CompletionObject whole(Choice choice, UsageObject usage) {
        return new CompletionObject(id, OBJECT, created, model, AnswerParts.FINGERPRINT, List.of(choice), usage);
    }
}
