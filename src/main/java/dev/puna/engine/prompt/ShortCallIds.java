// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * A conversation whose calls of tools have ids of nine digits, which the templates of Mistral's models insist on. Ollama's ids are
 * longer, and its clients may leave them out altogether; results then belong to the calls before them in order.
 */
public final class ShortCallIds {

    private final Map<String, String> known = new HashMap<>();
    private final SequencedSet<String> unanswered = new LinkedHashSet<>();
    private int last;

    private ShortCallIds() {}

    /** Whether the conversation has calls or results at all. */
    static boolean matterTo(List<Message> messages) {
        return messages.stream()
                .anyMatch(message ->
                        !message.toolCalls().isEmpty() || message.role().equals("tool"));
    }

    /** The same conversation with other ids. */
    public static List<Message> in(List<Message> messages) {
        var ids = new ShortCallIds();
        return messages.stream().map(ids::renamed).toList();
    }

    private Message renamed(Message message) {
        var calls = new ArrayList<ToolCall>();
        for (var call : message.toolCalls()) {
            calls.add(new ToolCall(ofCall(call.id()), call.index(), call.name(), call.arguments()));
        }
        var answered = message.role().equals("tool") ? ofResult(message.toolCallId()) : message.toolCallId();
        return new Message(
                message.role(),
                message.content(),
                message.thinking(),
                message.images(),
                calls,
                message.toolName(),
                answered);
    }

    private String ofCall(String id) {
        last++;
        var renamed = "%09d".formatted(last);
        if (!id.isEmpty()) {
            known.put(id, renamed);
        }
        unanswered.add(renamed);
        return renamed;
    }

    private String ofResult(String id) {
        var renamed = known.get(id);
        if (renamed == null) {
            renamed = unanswered.isEmpty() ? "%09d".formatted(0) : unanswered.getFirst();
        }
        unanswered.remove(renamed);
        return renamed;
    }
}
