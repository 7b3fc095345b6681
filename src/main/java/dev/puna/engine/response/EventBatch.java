// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.chat.ToolCall;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import dev.puna.parsing.ResponsePart;
import java.util.ArrayList;
import java.util.List;

/** The events that one reading gives, with the log probabilities of the tokens read. Not thread-safe. */
final class EventBatch {

    private final List<GenerationEvent> events = new ArrayList<>();
    private List<TokenLogprob> logprobs;

    /** Events of which the first that is text carries these log probabilities. */
    EventBatch(List<TokenLogprob> logprobs) {
        this.logprobs = logprobs;
    }

    void thought(String piece) {
        if (!piece.isEmpty()) {
            events.add(new GenerationEvent.Reasoning(piece, taken()));
        }
    }

    void content(String piece) {
        if (!piece.isEmpty()) {
            events.add(new GenerationEvent.Text(piece, taken()));
        }
    }

    void call(ToolCall call) {
        events.add(new GenerationEvent.ToolUse(call));
    }

    void all(List<ResponsePart> parts) {
        for (var part : parts) {
            switch (part) {
                case ResponsePart.Thought(var piece) -> thought(piece);
                case ResponsePart.Content(var piece) -> content(piece);
                case ResponsePart.Call(var call) -> call(call);
            }
        }
    }

    /** Gives the log probabilities that no event carries an event of their own: nothing comes after these. */
    void finish() {
        if (!logprobs.isEmpty()) {
            events.add(new GenerationEvent.Text("", taken()));
        }
    }

    /** The events in order. */
    List<GenerationEvent> events() {
        return events;
    }

    /** The log probabilities that no event carries yet. */
    List<TokenLogprob> left() {
        return logprobs;
    }

    private List<TokenLogprob> taken() {
        var carried = logprobs;
        logprobs = List.of();
        return carried;
    }
}
