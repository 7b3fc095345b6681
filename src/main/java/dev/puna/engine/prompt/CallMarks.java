// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
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
        var openers = openers(result);
        var start = result.path("thinking_start_tag").asText();
        return openers.isEmpty()
                ? Optional.empty()
                : end(result, openers)
                        .map(end -> new CallMarks(
                                openers, (begun(result, start, end.strip()) ? "" : start) + "\n" + end + "\n"));
    }

    private static List<String> openers(JsonNode result) {
        var openers = new ArrayList<String>();
        for (var trigger : result.path("grammar_triggers")) {
            if (trigger.path("type").asText().equals("word")) {
                openers.add(trigger.path("value").asText().strip());
            }
        }
        return openers.stream().filter(opener -> !opener.isEmpty()).distinct().toList();
    }

    /** What closes a thought and is not a call itself. */
    private static Optional<String> end(JsonNode result, List<String> openers) {
        return result.path("thinking_end_tags")
                .valueStream()
                .map(JsonNode::asText)
                .filter(tag -> !tag.isBlank() && openers.stream().noneMatch(opener -> opener.contains(tag.strip())))
                .findFirst();
    }

    /** Whether the prompt opens the thought. */
    private static boolean begun(JsonNode result, String start, String end) {
        var prompt = result.path("generation_prompt").asText();
        return start.isEmpty() || prompt.lastIndexOf(start) > prompt.lastIndexOf(end);
    }
}
