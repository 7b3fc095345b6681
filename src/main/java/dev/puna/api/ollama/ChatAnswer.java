// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.util.Objects.requireNonNull;

import dev.puna.api.ollama.wire.ChatChunk;
import dev.puna.api.ollama.wire.ChatMessage;
import dev.puna.api.ollama.wire.LogprobEntry;
import dev.puna.api.ollama.wire.ToolCallEntry;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer of {@code /api/chat}: each event as the line it becomes, or all events in one object. Source: contract 1.4.
 *
 * <p>One answer at a time; the events come one after the other, from any thread.
 */
final class ChatAnswer implements Answer<ChatChunk> {
    private final String model;
    private final RequestClock clock;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final List<ToolCallEntry> toolCalls = new ArrayList<>();
    private final List<LogprobEntry> logprobs = new ArrayList<>();
    private @Nullable Finished end;

    ChatAnswer(String model, RequestClock clock) {
        this.model = model;
        this.clock = clock;
    }

    @Override
    public ChatChunk chunk(GenerationEvent event) {
        return switch (event) {
            case Text text -> piece(text.piece(), "", List.of(), AnswerParts.logprobs(text.logprobs()));
            case Reasoning reasoning ->
                piece("", reasoning.piece(), List.of(), AnswerParts.logprobs(reasoning.logprobs()));
            case ToolUse use -> piece("", "", List.of(AnswerParts.toolCall(use.call())), List.of());
            case Finished finished -> last(finished, ChatMessage.assistant("", "", List.of()), List.of());
        };
    }

    @Override
    public void add(GenerationEvent event) {
        switch (event) {
            case Text text -> {
                content.append(text.piece());
                logprobs.addAll(AnswerParts.logprobs(text.logprobs()));
            }
            case Reasoning reasoning -> {
                thinking.append(reasoning.piece());
                logprobs.addAll(AnswerParts.logprobs(reasoning.logprobs()));
            }
            case ToolUse use -> toolCalls.add(AnswerParts.toolCall(use.call()));
            case Finished finished -> end = finished;
        }
    }

    @Override
    public ChatChunk whole() {
        return last(
                requireNonNull(end, "the answer has no end"),
                ChatMessage.assistant(content.toString(), thinking.toString(), toolCalls),
                logprobs);
    }

    private ChatChunk piece(String text, String reasoning, List<ToolCallEntry> calls, List<LogprobEntry> tokens) {
        return ChatChunk.piece(model, clock.now(), ChatMessage.assistant(text, reasoning, calls), tokens);
    }

    private ChatChunk last(Finished finished, ChatMessage message, List<LogprobEntry> tokens) {
        return new ChatChunk(
                model,
                clock.now(),
                message,
                true,
                AnswerParts.doneReason(finished.reason()),
                null,
                tokens,
                AnswerParts.metrics(finished.usage(), clock),
                finished.truncated());
    }
}
