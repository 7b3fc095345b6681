// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.openai.AnswerParts;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.api.openai.responses.wire.TextPart;
import dev.puna.api.openai.wire.LogprobsObject;
import dev.puna.engine.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/** What the model is saying. One thread at a time. */
final class GrowingMessage implements GrowingItem {
    private final String id = ItemIds.of("msg");
    private final int index;
    private final EventList events;
    private final StringBuilder text = new StringBuilder();
    private final List<LogprobsObject.Token> logprobs = new ArrayList<>();

    /**
     * Tells that it begins.
     *
     * @param index position among the items of the answer
     */
    GrowingMessage(int index, EventList events) {
        this.index = index;
        this.events = events;
        var begun = item("in_progress", List.of());
        events.added(index, begun);
        events.partAdded(id, index, TextPart.said("", List.of()));
    }

    void add(String piece, List<TokenLogprob> tokens) {
        var likely = AnswerParts.tokens(tokens);
        text.append(piece);
        logprobs.addAll(likely);
        events.text(id, index, piece, likely);
    }

    @Override
    public OutputItem end(String status) {
        var part = TextPart.said(text.toString(), logprobs);
        var whole = item(status, List.of(part));
        events.textDone(id, index, part.text(), logprobs);
        events.partDone(id, index, part);
        events.done(index, whole);
        return whole;
    }

    private OutputItem item(String status, List<TextPart> content) {
        return OutputItem.message(id, status, content);
    }
}
