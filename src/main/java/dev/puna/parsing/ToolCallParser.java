// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.parsing.ResponsePart.Call;
import dev.puna.parsing.ResponsePart.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Finds calls of tools in the text of an answer, by the tag that a Go template puts before them.
 *
 * <p>Text before the tag is content. Behind it, a call is the name of a known tool and the JSON object that holds its arguments;
 * what else stands there is part of the notation and dropped, unless no call was found at all. A tag that is only a brace
 * or a bracket counts just at the beginning of the answer, since either may be content. Source: contract
 * 8.7. Not thread-safe.
 */
public final class ToolCallParser {

    private enum State {
        LOOKING,
        CALLING,
        DONE
    }

    private final String tag;
    private final boolean bracket;
    private final CallSearch search;
    private final StringBuilder held = new StringBuilder();
    private State state = State.LOOKING;
    private int calls;

    /**
     * A parser at the beginning of an answer.
     *
     * @param tag what comes before a call; not blank
     * @param tools what may be called
     */
    public ToolCallParser(String tag, List<ToolDefinition> tools) {
        this.tag = requireNonNull(tag, "tag is null");
        if (tag.isBlank()) {
            throw new IllegalArgumentException("the tag is blank");
        }
        this.bracket = tag.equals("{") || tag.equals("[");
        this.search = new CallSearch(tools.stream().map(ToolDefinition::name).toList());
    }

    /** What is certain after more text; what may become a tag or a call is held back. */
    public List<ResponsePart> add(String piece) {
        var parts = new ArrayList<ResponsePart>();
        held.append(piece);
        if (state == State.LOOKING) {
            lookForTag(parts);
        }
        // A call ends with a brace, so most pieces need no search.
        if (state == State.CALLING && (piece.indexOf('}') >= 0 || piece.indexOf(']') >= 0)) {
            takeCalls(parts);
        }
        if (state == State.DONE) {
            content(parts, held.length());
        }
        return parts;
    }

    /** What was held back at the end of the answer. */
    public List<ResponsePart> end() {
        var parts = new ArrayList<ResponsePart>();
        if (calls == 0) {
            content(parts, held.length());
        }
        held.setLength(0);
        state = State.DONE;
        return parts;
    }

    private void lookForTag(List<ResponsePart> parts) {
        var at = held.indexOf(tag);
        var certain = at >= 0 ? at : held.length() - TextTail.beginningOf(tag, held);
        if (bracket && !TextTail.withoutLeadingSpace(held.substring(0, certain)).isEmpty()) {
            state = State.DONE;
            return;
        }
        content(parts, certain);
        if (at >= 0) {
            state = State.CALLING;
        }
    }

    private void takeCalls(List<ResponsePart> parts) {
        while (true) {
            var text = held.toString();
            var end = bracket ? JsonObjects.endOfFirst(tag.charAt(0), text) : OptionalInt.empty();
            var call = search.first(text.substring(0, end.orElse(text.length())));
            if (call.isEmpty()) {
                state = end.isPresent() ? State.DONE : State.CALLING;
                return;
            }
            parts.add(new Call(
                    new ToolCall("", calls, call.get().name(), call.get().arguments())));
            calls++;
            held.delete(0, call.get().end());
        }
    }

    private void content(List<ResponsePart> parts, int length) {
        if (length > 0) {
            parts.add(new Content(held.substring(0, length)));
            held.delete(0, length);
        }
    }
}
