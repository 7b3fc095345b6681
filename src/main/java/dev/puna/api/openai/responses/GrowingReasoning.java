// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.api.openai.responses.wire.TextPart;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the model is thinking. One thread at a time. */
final class GrowingReasoning implements GrowingItem {
    private final String id = ItemIds.of("rs");
    private final int index;
    private final EventList events;
    private final StringBuilder text = new StringBuilder();

    /**
     * Tells that it begins.
     *
     * @param index position among the items of the answer
     */
    GrowingReasoning(int index, EventList events) {
        this.index = index;
        this.events = events;
        var begun = item(List.of(), null);
        events.added(index, begun);
    }

    void add(String piece) {
        text.append(piece);
        events.thoughts(id, index, piece);
    }

    @Override
    public OutputItem end(String status) {
        var thoughts = text.toString();
        var whole = item(List.of(TextPart.thought(thoughts)), thoughts);
        events.thoughtsDone(id, index, thoughts);
        events.done(index, whole);
        return whole;
    }

    private OutputItem item(List<TextPart> summary, @Nullable String encrypted) {
        return OutputItem.reasoning(id, summary, encrypted);
    }
}
