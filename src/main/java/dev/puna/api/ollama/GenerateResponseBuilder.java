// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.util.Objects.requireNonNull;

import dev.puna.api.ollama.wire.GenerateChunk;
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
 * One answer of {@code /api/generate}: each event as the line it becomes, or all events in one object. Calls of tools wait for
 * the last line. Source: contract 1.3.
 *
 * <p>One answer at a time; the events come one after the other, from any thread.
 */
final class GenerateResponseBuilder implements ResponseBuilder<GenerateChunk> {
    private final String model;
    private final RequestClock clock;
    private final StringBuilder response = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final List<ToolCallEntry> toolCalls = new ArrayList<>();
    private final List<LogprobEntry> logprobs = new ArrayList<>();
    private @Nullable Finished end;

    GenerateResponseBuilder(String model, RequestClock clock) {
        this.model = model;
        this.clock = clock;
    }

    @Override
    public GenerateChunk chunk(GenerationEvent event) {
        return switch (event) {
            case Text text -> piece(text.piece(), "", ResponseParts.logprobs(text.logprobs()));
            case Reasoning reasoning -> piece("", reasoning.piece(), ResponseParts.logprobs(reasoning.logprobs()));
            case ToolUse use -> {
                toolCalls.add(ResponseParts.toolCall(use.call()));
                yield piece("", "", List.of());
            }
            case Finished finished -> last(finished, "", "", List.of());
        };
    }

    @Override
    public void add(GenerationEvent event) {
        switch (event) {
            case Text text -> {
                response.append(text.piece());
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
    public GenerateChunk whole() {
        return last(requireNonNull(end, "the answer has no end"), response.toString(), thinking.toString(), logprobs);
    }

    private GenerateChunk piece(String text, String reasoning, List<LogprobEntry> tokens) {
        return GenerateChunk.piece(model, clock.now(), text, reasoning, tokens);
    }

    private GenerateChunk last(Finished finished, String text, String reasoning, List<LogprobEntry> tokens) {
        return new GenerateChunk(
                model,
                clock.now(),
                text,
                reasoning,
                true,
                ResponseParts.doneReason(finished.reason()),
                finished.context(),
                ResponseParts.metrics(finished.usage(), clock),
                toolCalls,
                null,
                tokens,
                finished.truncated());
    }
}
