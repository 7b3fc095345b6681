// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.chat.Message;
import dev.puna.engine.Prompt;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Where the part of a prompt ends that is the same for all conversations with the same system text and tools: where it goes on
 * otherwise when the user says something else. The last few such parts are remembered. <b>Threads:</b> any.
 */
final class SystemParts {
    private static final int REMEMBERED = 8;

    /** What no user begins with. */
    private static final String ELSE = "\u00b6";

    private static final TokenList NONE = new TokenList(new int[0]);

    private final Map<Prompt.Conversation, TokenList> remembered = new LinkedHashMap<>();

    /**
     * How many of a conversation's tokens belong to it.
     *
     * @param tokens of the conversation's prompt
     * @param renderer makes the tokens of another conversation's
     */
    int of(Prompt.Conversation conversation, TokenList tokens, Function<Prompt.Conversation, int[]> renderer) {
        var messages = new ArrayList<Message>();
        for (var message : conversation.messages()) {
            if (!message.isSystem()) {
                break;
            }
            messages.add(message);
        }
        if (messages.isEmpty() && conversation.tools().isEmpty()) {
            return 0;
        }
        messages.add(Message.of("user", ELSE));
        var other = conversation.withMessages(messages);
        return find(other, renderer).commonPrefix(tokens);
    }

    private TokenList find(Prompt.Conversation other, Function<Prompt.Conversation, int[]> renderer) {
        synchronized (remembered) {
            var known = remembered.get(other);
            if (known != null) {
                return known;
            }
        }
        var made = made(other, renderer);
        synchronized (remembered) {
            if (remembered.size() >= REMEMBERED) {
                remembered.remove(remembered.keySet().iterator().next());
            }
            remembered.put(other, made);
        }
        return made;
    }

    private static TokenList made(Prompt.Conversation other, Function<Prompt.Conversation, int[]> renderer) {
        try {
            return new TokenList(renderer.apply(other));
        } catch (InvalidRequest _) {
            // A template may want more than this.
            return NONE;
        }
    }
}
