// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.util.Objects.requireNonNull;

import dev.puna.api.ollama.wire.DebugInfo;
import dev.puna.api.ollama.wire.LogprobEntry;
import dev.puna.api.ollama.wire.Metrics;
import dev.puna.api.ollama.wire.ToolCallEntry;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import dev.puna.inference.RequestClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the events of one generation become what a route answers: each event as a line, or all events in one object.
 *
 * <p>One answer at a time; the events come one after the other, from any thread.
 *
 * @param <C> the record on the wire
 */
abstract class ResponseBuilder<C> {
    private final String model;
    private final RequestClock clock;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final List<ToolCallEntry> toolCalls = new ArrayList<>();
    private final List<LogprobEntry> logprobs = new ArrayList<>();
    private @Nullable Finished end;

    /**
     * @param model as the client names it
     */
    ResponseBuilder(String model, RequestClock clock) {
        this.model = model;
        this.clock = clock;
    }

    /** The whole answer where nothing is generated. */
    abstract C reply(String doneReason);

    /** The answer to {@code _debug_render_only}. */
    abstract C rendered(DebugInfo info);

    /** A part of a streamed answer. */
    abstract C piece(String text, String reasoning, List<LogprobEntry> tokens);

    /** A call in a streamed answer. */
    abstract C toolUse(ToolCallEntry call);

    /**
     * The end of an answer.
     *
     * @param text all of it, or nothing if that was streamed; likewise with what follows
     */
    abstract C last(
            Finished finished, String text, String reasoning, List<ToolCallEntry> calls, List<LogprobEntry> tokens);

    /** The line of a streamed answer that one event becomes. */
    final C chunk(GenerationEvent event) {
        return switch (event) {
            case PromptProgress _ -> throw new IllegalStateException("no progress was asked for");
            case Text(var piece, var tokens) -> piece(piece, "", ResponseParts.logprobs(tokens));
            case Reasoning(var piece, var tokens) -> piece("", piece, ResponseParts.logprobs(tokens));
            case ToolUse(var call) -> toolUse(ResponseParts.toolCall(call));
            case Finished finished -> last(finished, "", "", toolCalls, List.of());
        };
    }

    /** Keeps an event of an answer that is not streamed. */
    final void add(GenerationEvent event) {
        switch (event) {
            case PromptProgress _ -> throw new IllegalStateException("no progress was asked for");
            case Text(var piece, var tokens) -> {
                content.append(piece);
                logprobs.addAll(ResponseParts.logprobs(tokens));
            }
            case Reasoning(var piece, var tokens) -> {
                thinking.append(piece);
                logprobs.addAll(ResponseParts.logprobs(tokens));
            }
            case ToolUse(var call) -> keep(ResponseParts.toolCall(call));
            case Finished finished -> end = finished;
        }
    }

    /** All kept events as one object; the end must be among them. */
    final C whole() {
        var finished = requireNonNull(end, "the answer has no end");
        return last(finished, content.toString(), thinking.toString(), toolCalls, logprobs);
    }

    /** Keeps a call for the end of the answer. */
    final void keep(ToolCallEntry call) {
        toolCalls.add(call);
    }

    final String model() {
        return model;
    }

    final Instant now() {
        return clock.now();
    }

    final Metrics metrics(Finished finished) {
        return ResponseParts.metrics(finished.usage(), clock);
    }
}
