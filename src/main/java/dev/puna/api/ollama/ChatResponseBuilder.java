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
final class ChatResponseBuilder implements ResponseBuilder<ChatChunk> {
    private final String model;
    private final RequestClock clock;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final List<ToolCallEntry> toolCalls = new ArrayList<>();
    private final List<LogprobEntry> logprobs = new ArrayList<>();
    private @Nullable Finished end;

    ChatResponseBuilder(String model, RequestClock clock) {
        this.model = model;
        this.clock = clock;
    }

    @Override
    public ChatChunk chunk(GenerationEvent event) {
        return switch (event) {
            case Text text -> piece(text.piece(), "", List.of(), ResponseParts.logprobs(text.logprobs()));
            case Reasoning reasoning ->
                piece("", reasoning.piece(), List.of(), ResponseParts.logprobs(reasoning.logprobs()));
            case ToolUse use -> piece("", "", List.of(ResponseParts.toolCall(use.call())), List.of());
            case Finished finished -> last(finished, ChatMessage.assistant("", "", List.of()), List.of());
        };
    }

    @Override
    public void add(GenerationEvent event) {
        switch (event) {
            case Text text -> {
                content.append(text.piece());
                logprobs.addAll(ResponseParts.logprobs(text.logprobs()));
            }
            case Reasoning reasoning -> {
                thinking.append(reasoning.piece());
                logprobs.addAll(ResponseParts.logprobs(reasoning.logprobs()));
            }
            case ToolUse use -> toolCalls.add(ResponseParts.toolCall(use.call()));
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
                ResponseParts.doneReason(finished.reason()),
                null,
                tokens,
                ResponseParts.metrics(finished.usage(), clock),
                finished.truncated());
    }
}
