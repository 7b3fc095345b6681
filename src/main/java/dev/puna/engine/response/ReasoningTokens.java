// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import java.util.List;

/**
 * How many tokens of an answer are reasoning. What an answer is taken apart into says nothing of tokens, so those of one reading are
 * shared among its events by the length of their texts. Not thread-safe.
 */
final class ReasoningTokens {
    private int understood;
    private int reasoned;

    /**
     * Takes note of what tokens turned out to be.
     *
     * @param generated tokens of the answer so far
     */
    void note(List<GenerationEvent> events, int generated) {
        if (events.isEmpty()) {
            return;
        }
        long thoughts = 0;
        long all = 0;
        for (var event : events) {
            var length = length(event);
            all += length;
            thoughts += event instanceof GenerationEvent.Reasoning ? length : 0;
        }
        reasoned += all == 0 ? 0 : Math.toIntExact(Math.ceilDiv((generated - understood) * thoughts, all));
        understood = generated;
    }

    /** The number so far. */
    int count() {
        return reasoned;
    }

    private static int length(GenerationEvent event) {
        return switch (event) {
            case GenerationEvent.Reasoning(var piece, var _) -> piece.length();
            case GenerationEvent.Text(var piece, var _) -> piece.length();
            case GenerationEvent.ToolUse(var call) ->
                call.name().length() + call.arguments().length();
            case GenerationEvent.PromptProgress _, GenerationEvent.Finished _ -> 0;
        };
    }
}
