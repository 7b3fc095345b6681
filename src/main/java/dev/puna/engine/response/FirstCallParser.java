// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import java.util.List;

/** Lets only the first call that another parser found through. <b>Owns</b> that parser. */
final class FirstCallParser implements ResponseParser {

    private final ResponseParser parser;
    private boolean called;

    FirstCallParser(ResponseParser parser) {
        this.parser = parser;
    }

    @Override
    public List<GenerationEvent> read(GenerationEvent.Text more) {
        return withoutMoreCalls(parser.read(more));
    }

    @Override
    public List<GenerationEvent> end() {
        return withoutMoreCalls(parser.end());
    }

    @Override
    public void close() {
        parser.close();
    }

    private List<GenerationEvent> withoutMoreCalls(List<GenerationEvent> events) {
        return events.stream().filter(this::passes).toList();
    }

    private boolean passes(GenerationEvent event) {
        var another = called && event instanceof GenerationEvent.ToolUse;
        called = called || event instanceof GenerationEvent.ToolUse;
        return !another;
    }
}
