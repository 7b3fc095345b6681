// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import static java.util.Objects.requireNonNull;

import dev.puna.api.answer.Answer;
import dev.puna.api.http.ErrorResponse;
import dev.puna.api.http.framing.ServerSentEvent;
import dev.puna.api.openai.responses.request.ToolName;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.api.openai.responses.wire.ResponseObject;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.PromptProgress;
import dev.puna.engine.GenerationEvent.Reasoning;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.GenerationEvent.ToolUse;
import dev.puna.engine.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the events of one generation become an answer of {@code /v1/responses}: items in the order in which the model writes them, each
 * with events of its own. An answer that is not streamed is the last of these events. One answer at a time; the events come one after
 * the other, from any thread. Source: contract 1.11.
 */
final class ResponsesAnswer implements Answer {
    private static final String COMPLETED = "completed";

    private final ResponseState state;
    private final Map<String, ToolName> tools;
    private final EventList events = new EventList();
    private final List<OutputItem> output = new ArrayList<>();
    private @Nullable GrowingItem growing;
    private @Nullable ResponseObject whole;

    /**
     * @param tools the tools as the client names them, by the names that the model knows
     */
    ResponsesAnswer(ResponseState state, Map<String, ToolName> tools) {
        this.state = state;
        this.tools = tools;
    }

    @Override
    public List<ServerSentEvent> pieces(GenerationEvent event) {
        begin();
        switch (event) {
            case PromptProgress _ -> throw new IllegalStateException("no progress was asked for");
            case Text(var piece, var tokens) -> say(piece, tokens);
            case Reasoning(var piece, var _) -> think(piece);
            case ToolUse(var call) -> {
                end(COMPLETED);
                var tool = tools.getOrDefault(call.name(), ToolName.of(call.name()));
                output.add(CallItem.of(call, tool).tell(output.size(), events));
            }
            case Finished finished -> finish(finished);
        }
        return events.taken();
    }

    @Override
    public void add(GenerationEvent event) {
        pieces(event);
    }

    @Override
    public ResponseObject whole() {
        return requireNonNull(whole, "the answer has no end");
    }

    @Override
    public Record empty() {
        return rendered("", 0);
    }

    @Override
    public ResponseObject rendered(String prompt, int images) {
        say(prompt, List.of());
        end(COMPLETED);
        return state.completed(output, ResponseObject.Usage.of(0, 0, 0, 0));
    }

    @Override
    public List<ServerSentEvent> failed(Throwable reason) {
        if (events.isNew()) {
            return List.of();
        }
        var error = ErrorResponse.of(reason);
        events.fail(state, output, error.status() >= 500, error.text());
        return events.taken();
    }

    private void begin() {
        if (events.isNew()) {
            events.begin(state);
        }
    }

    private void say(String piece, List<TokenLogprob> tokens) {
        if (growing instanceof GrowingMessage message) {
            message.add(piece, tokens);
            return;
        }
        end(COMPLETED);
        var message = new GrowingMessage(output.size(), events);
        message.add(piece, tokens);
        growing = message;
    }

    private void think(String piece) {
        if (growing instanceof GrowingReasoning reasoning) {
            reasoning.add(piece);
            return;
        }
        end(COMPLETED);
        var reasoning = new GrowingReasoning(output.size(), events);
        reasoning.add(piece);
        growing = reasoning;
    }

    private void end(String status) {
        if (growing != null) {
            output.add(growing.end(status));
            growing = null;
        }
    }

    private void finish(Finished finished) {
        var cut = finished.reason() == FinishReason.LENGTH;
        if (growing == null && output.isEmpty()) {
            growing = new GrowingMessage(0, events);
        }
        end(cut ? "incomplete" : COMPLETED);
        var ended = state.ended(output, finished);
        whole = ended;
        events.state(cut ? "response.incomplete" : "response.completed", ended);
    }
}
