// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import dev.puna.parsing.LenientCalls;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the content that another parser found for calls if it is nothing else. <b>Owns</b> that parser.
 */
final class LenientResponseParser implements ResponseParser {

    private final ResponseParser parser;
    private final LenientCalls calls;
    private final List<TokenLogprob> logprobs = new ArrayList<>();

    LenientResponseParser(ResponseParser parser, LenientCalls calls) {
        this.parser = parser;
        this.calls = calls;
    }

    @Override
    public List<GenerationEvent> read(GenerationEvent.Text more) {
        return passed(parser.read(more));
    }

    @Override
    public List<GenerationEvent> end() {
        var events = new ArrayList<>(passed(parser.end()));
        calls.end().forEach(call -> events.add(new GenerationEvent.ToolUse(call)));
        release(calls.release(), events);
        return events;
    }

    @Override
    public void close() {
        parser.close();
    }

    private List<GenerationEvent> passed(List<GenerationEvent> found) {
        var events = new ArrayList<GenerationEvent>();
        for (var event : found) {
            if (event instanceof GenerationEvent.Text(var piece, var tokens)) {
                logprobs.addAll(tokens);
                var certain = calls.add(piece);
                if (!calls.holds()) {
                    release(certain, events);
                }
            } else {
                if (!(event instanceof GenerationEvent.Reasoning)) {
                    release(calls.release(), events);
                }
                events.add(event);
            }
        }
        return events;
    }

    private void release(String text, List<GenerationEvent> events) {
        if (!text.isEmpty() || !logprobs.isEmpty()) {
            events.add(new GenerationEvent.Text(text, List.copyOf(logprobs)));
            logprobs.clear();
        }
    }
}
