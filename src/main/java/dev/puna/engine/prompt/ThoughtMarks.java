// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.parsing.ThinkingTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands around a thought, as {@code puna_chat_apply} tells it of a rendered conversation. */
final class ThoughtMarks {
    private ThoughtMarks() {}

    /** The tags of a thought; empty if the format knows none. */
    static Optional<ThinkingTags> tags(JsonNode result) {
        var start = start(result).strip();
        // Where no tag opens a thought the prompt has done so.
        return end(result).map(end -> new ThinkingTags(start.isEmpty() ? end.strip() : start, end.strip()));
    }

    /** What opens a thought; empty if nothing does. */
    static String start(JsonNode result) {
        return result.path("thinking_start_tag").asText();
    }

    /** What closes a thought and is not a call itself. */
    static Optional<String> end(JsonNode result) {
        var openers = callOpeners(result);
        return result.path("thinking_end_tags")
                .valueStream()
                .map(JsonNode::asText)
                .filter(tag -> !tag.isBlank() && openers.stream().noneMatch(opener -> opener.contains(tag.strip())))
                .findFirst();
    }

    /** Whether the prompt opens the thought. */
    static boolean begun(JsonNode result) {
        var prompt = result.path("generation_prompt").asText();
        var start = start(result);
        return end(result)
                .filter(end -> start.isEmpty() || prompt.lastIndexOf(start) > prompt.lastIndexOf(end.strip()))
                .isPresent();
    }

    /** What calls begin with, where that is certain words. */
    static List<String> callOpeners(JsonNode result) {
        var openers = new ArrayList<String>();
        for (var trigger : result.path("grammar_triggers")) {
            if (trigger.path("type").asText().equals("word")) {
                openers.add(trigger.path("value").asText().strip());
            }
        }
        return openers.stream().filter(opener -> !opener.isEmpty()).distinct().toList();
    }
}
