// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Finds calls in an answer that is nothing but calls, in another notation than that of the model's template: small models write JSON
 * alone, in a fence, or between the tags of another family.
 *
 * <p>All of the answer has to be calls of tools that were offered, with arguments that these take; text that only mentions such JSON
 * stays text. What may still be calls is held back, but no longer than until a character tells that it is not, and never more
 * than 256 Ki of them. Not thread-safe.
 */
public final class LenientCalls {
    private static final int MOST_HELD = 256 << 10;

    private final Map<String, ToolDefinition> tools = new LinkedHashMap<>();
    private final BiPredicate<ToolDefinition, JsonNode> takes;
    private final StringBuilder held = new StringBuilder();
    private final CallNotation notation;
    private boolean text;

    /**
     * A search at the beginning of an answer.
     *
     * @param tools what may be called
     * @param takes whether a tool takes an object of arguments
     */
    public LenientCalls(List<ToolDefinition> tools, BiPredicate<ToolDefinition, JsonNode> takes) {
        tools.forEach(tool -> this.tools.putIfAbsent(tool.name(), tool));
        this.takes = takes;
        this.notation = new CallNotation(this.tools::containsKey);
    }

    /** What is certain to be text after more of the answer; empty while that is open. */
    public String add(String piece) {
        if (text) {
            return piece;
        }
        held.append(piece);
        if (held.length() <= MOST_HELD) {
            var from = held.length() - piece.length();
            while (from < held.length() && notation.add(held.charAt(from))) {
                from++;
            }
            if (from == held.length()) {
                return "";
            }
        }
        return release();
    }

    /** Says that something else than text follows, so that the answer is not calls alone: what was held back. */
    public String release() {
        text = true;
        var all = held.toString();
        held.setLength(0);
        return all;
    }

    /** Whether text is held back. */
    public boolean holds() {
        return !held.isEmpty();
    }

    /** The calls that the whole answer is; none if it is text, which {@link #release} gives then. */
    public List<ToolCall> end() {
        var calls = new ArrayList<ToolCall>();
        for (var found : text ? List.<WrittenCall>of() : notation.calls(held)) {
            var tool = tools.get(found.name());
            if (tool == null || !takes.test(tool, found.arguments())) {
                return List.of();
            }
            calls.add(new ToolCall(
                    "", calls.size(), found.name(), found.arguments().toString()));
        }
        if (!calls.isEmpty()) {
            held.setLength(0);
        }
        return calls;
    }
}
