// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static java.util.Objects.requireNonNull;

import dev.puna.api.answer.Answer;
import dev.puna.api.openai.request.Delivery;
import dev.puna.api.openai.wire.ChatObject;
import dev.puna.api.openai.wire.ChatObject.Choice;
import dev.puna.api.openai.wire.ChatObject.PieceOfChoice;
import dev.puna.api.openai.wire.ChatObject.WholeChoice;
import dev.puna.api.openai.wire.ChatText;
import dev.puna.api.openai.wire.ProgressObject;
import dev.puna.api.openai.wire.TimingsObject;
import dev.puna.api.openai.wire.ToolCallObject;
import dev.puna.api.openai.wire.UsageObject;
import dev.puna.chat.ToolCall;
import dev.puna.engine.FinishReason;
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
 * How the events of one generation become an answer of {@code /v1/chat/completions}: each event as pieces, or all events in one object.
 * One answer at a time; the events come one after the other, from any thread. Source: contract 1.11.
 */
final class ChatAnswer implements Answer {
    private final String id = AnswerParts.id("chatcmpl");
    private final String model;
    private final long created;
    private final Delivery delivery;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<ToolCallObject> calls = new ArrayList<>();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private boolean begun;
    private @Nullable Finished end;

    /**
     * @param model as the client names it
     */
    ChatAnswer(String model, Instant created, Delivery delivery) {
        this.model = model;
        this.created = created.getEpochSecond();
        this.delivery = delivery;
    }

    @Override
    public List<ChatObject> pieces(GenerationEvent event) {
        return switch (event) {
            case PromptProgress progress -> List.of(progressed(progress));
            case Text(var piece, var tokens) -> List.of(piece(piece, null, List.of(), tokens));
            case Reasoning(var piece, var tokens) -> List.of(piece(null, piece, List.of(), tokens));
            case ToolUse(var call) -> List.of(piece(null, null, List.of(kept(call)), List.of()));
            case Finished finished -> ends(finished);
        };
    }

    private ChatObject piece(
            @Nullable String text, @Nullable String thought, List<ToolCallObject> called, List<TokenLogprob> tokens) {
        var role = begun ? null : "assistant";
        begun = true;
        var delta = new ChatText(role, text, thought, called);
        return chunk(List.of(new PieceOfChoice(0, delta, null, AnswerParts.logprobs(tokens))), null, null);
    }

    private ChatObject progressed(PromptProgress progress) {
        var nothing = new ChatText(begun ? null : "assistant", null, null, List.of());
        begun = true;
        return chunk(List.of(new PieceOfChoice(0, nothing, null, null)), null, null, AnswerParts.progress(progress));
    }

    private List<ChatObject> ends(Finished finished) {
        var nothing = new ChatText(begun ? null : "assistant", null, null, List.of());
        var last = chunk(List.of(new PieceOfChoice(0, nothing, reason(finished), null)), null, null);
        var usage = finished.usage();
        return delivery.usage()
                ? List.of(last, chunk(List.of(), AnswerParts.usage(usage), AnswerParts.timings(usage)))
                : List.of(last);
    }

    @Override
    public void add(GenerationEvent event) {
        switch (event) {
            case PromptProgress _ -> {}
            case Text(var piece, var tokens) -> {
                content.append(piece);
                logprobs.addAll(tokens);
            }
            case Reasoning(var piece, var tokens) -> {
                reasoning.append(piece);
                logprobs.addAll(tokens);
            }
            case ToolUse(var call) -> kept(call);
            case Finished finished -> end = finished;
        }
    }

    @Override
    public ChatObject whole() {
        var finished = requireNonNull(end, "the answer has no end");
        var thought = reasoning.isEmpty() ? null : reasoning.toString();
        var message = new ChatText("assistant", content.toString(), thought, calls);
        var choice = new WholeChoice(0, message, reason(finished), AnswerParts.logprobs(logprobs));
        return whole(List.of(choice), AnswerParts.usage(finished.usage()), null);
    }

    @Override
    public ChatObject empty() {
        var message = new ChatText("assistant", "", null, List.of());
        return whole(List.of(new WholeChoice(0, message, "stop", null)), UsageObject.none(), null);
    }

    @Override
    public ChatObject rendered(String prompt, int images) {
        var message = new ChatText("assistant", "", null, List.of());
        var info = new ChatObject.RenderedPrompt(prompt, images);
        return whole(List.of(new WholeChoice(0, message, "stop", null)), UsageObject.none(), info);
    }

    private ToolCallObject kept(ToolCall call) {
        var object = AnswerParts.toolCall(call, calls.size());
        calls.add(object);
        return object;
    }

    private String reason(Finished finished) {
        return finished.reason() == FinishReason.STOP && !calls.isEmpty()
                ? "tool_calls"
                : AnswerParts.finishReason(finished.reason());
    }

    private ChatObject chunk(List<Choice> choices, @Nullable UsageObject usage, @Nullable TimingsObject timings) {
        return chunk(choices, usage, timings, null);
    }

    private ChatObject chunk(
            List<Choice> choices,
            @Nullable UsageObject usage,
            @Nullable TimingsObject timings,
            @Nullable ProgressObject progress) {
        return new ChatObject(
                id,
                "chat.completion.chunk",
                created,
                model,
                AnswerParts.FINGERPRINT,
                choices,
                usage,
                timings,
                progress,
                null);
    }

    private ChatObject whole(List<Choice> choices, UsageObject usage, ChatObject.@Nullable RenderedPrompt info) {
        return new ChatObject(
                id, "chat.completion", created, model, AnswerParts.FINGERPRINT, choices, usage, null, null, info);
    }
}
