// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static java.util.Objects.requireNonNull;

import dev.puna.parsing.ResponsePart.Content;
import dev.puna.parsing.ResponsePart.Thought;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the reasoning at the beginning of an answer from the answer itself.
 *
 * <p>Reasoning is what stands between the tags if nothing but white space comes before the opening one. White space behind either
 * tag belongs to neither part. Source: contract 8.6. Not thread-safe.
 */
public final class ThinkingParser {

    private enum State {
        BEFORE,
        AFTER_OPEN,
        THINKING,
        AFTER_CLOSE,
        ANSWERING
    }

    private final ThinkingTags tags;
    private final StringBuilder held = new StringBuilder();
    private State state;

    /**
     * A parser at the beginning of an answer.
     *
     * @param begun whether the prompt ended with the opening tag, so that the answer begins inside the thought
     */
    public ThinkingParser(ThinkingTags tags, boolean begun) {
        this.tags = requireNonNull(tags, "tags is null");
        this.state = begun ? State.AFTER_OPEN : State.BEFORE;
    }

    /** What is certain after more text; what may become a tag is held back. */
    public List<ResponsePart> add(String piece) {
        held.append(piece);
        var parts = new ArrayList<ResponsePart>();
        while (!held.isEmpty() && step(parts)) {}
        return parts;
    }

    /** What was held back at the end of the answer. */
    public List<ResponsePart> end() {
        var parts = new ArrayList<ResponsePart>();
        switch (state) {
            case BEFORE, ANSWERING -> content(parts, held.toString());
            case THINKING -> thought(parts, held.toString());
            case AFTER_OPEN, AFTER_CLOSE -> {}
        }
        held.setLength(0);
        return parts;
    }

    /** Does what the state wants; true if it led to another state. */
    private boolean step(List<ResponsePart> parts) {
        return switch (state) {
            case BEFORE -> lookForOpening();
            case AFTER_OPEN -> skipSpace(State.THINKING);
            case THINKING -> think(parts);
            case AFTER_CLOSE -> skipSpace(State.ANSWERING);
            case ANSWERING -> {
                content(parts, held.toString());
                held.setLength(0);
                yield false;
            }
        };
    }

    private boolean lookForOpening() {
        var text = TextTail.withoutLeadingSpace(held.toString());
        if (text.startsWith(tags.open())) {
            hold(text.substring(tags.open().length()));
            state = State.AFTER_OPEN;
            return true;
        }
        if (tags.open().startsWith(text)) {
            return false;
        }
        state = State.ANSWERING;
        return true;
    }

    private boolean skipSpace(State next) {
        hold(TextTail.withoutLeadingSpace(held.toString()));
        if (held.isEmpty()) {
            return false;
        }
        state = next;
        return true;
    }

    private boolean think(List<ResponsePart> parts) {
        var close = held.indexOf(tags.close());
        if (close >= 0) {
            thought(parts, held.substring(0, close));
            hold(held.substring(close + tags.close().length()));
            state = State.AFTER_CLOSE;
            return true;
        }
        var certain = held.length() - TextTail.beginningOf(tags.close(), held);
        thought(parts, held.substring(0, certain));
        hold(held.substring(certain));
        return false;
    }

    private void hold(String text) {
        held.setLength(0);
        held.append(text);
    }

    private static void thought(List<ResponsePart> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new Thought(text));
        }
    }

    private static void content(List<ResponsePart> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new Content(text));
        }
    }
}
