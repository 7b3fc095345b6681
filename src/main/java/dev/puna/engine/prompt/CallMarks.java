// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * How calls of tools begin in a chat format whose answers may think.
 *
 * @param openers what may come before a call; not empty
 * @param closedThought what an answer begins with whose thought is over
 */
public record CallMarks(List<String> openers, String closedThought) {
    public CallMarks {
        openers = List.copyOf(openers);
        if (openers.isEmpty()) {
            throw new IllegalArgumentException("no openers");
        }
    }

    /**
     * Those of a rendered conversation; empty if there is nothing to call, no thought, or calls begin with nothing fixed.
     *
     * @param result what {@code puna_chat_apply} gave
     */
    static Optional<CallMarks> in(JsonNode result) {
        var openers = ThoughtMarks.callOpeners(result);
        return openers.isEmpty()
                ? Optional.empty()
                : ThoughtMarks.end(result)
                        .map(end -> new CallMarks(
                                openers,
                                (ThoughtMarks.begun(result) ? "" : ThoughtMarks.start(result)) + "\n" + end + "\n"));
    }
}
