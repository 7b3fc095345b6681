// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import dev.puna.engine.Prompt;
import java.util.ArrayList;
import java.util.List;

/**
 * The turns of a conversation, of which the oldest may go: neither system messages nor the last one. Immutable. Source: contract 1.4.
 */
public final class Turns {
    /** Letters of a token, and tokens that tell one turn from the next: nearly so in most languages and templates. */
    private static final int LETTERS_OF_A_TOKEN = 4;

    private static final int TOKENS_OF_A_TURN = 4;

    private final List<Message> messages;
    private final long[] left;

    /** The turns of a conversation, its tools and what preceded it staying whatever goes. */
    Turns(Prompt.Conversation conversation) {
        this.messages = conversation.messages();
        var ofNonSystem = messages.stream()
                .filter(message -> !message.isSystem())
                .mapToLong(Turns::length)
                .toArray();
        var lastStays = !messages.isEmpty() && !messages.getLast().isSystem();
        this.left = new long[ofNonSystem.length + (lastStays ? 0 : 1)];
        var rest = conversation.context().size()
                + conversation.tools().stream()
                                .mapToLong(tool -> tool.json().length())
                                .sum()
                        / LETTERS_OF_A_TOKEN
                + messages.stream()
                        .filter(Message::isSystem)
                        .mapToLong(Turns::length)
                        .sum();
        for (var dropped = ofNonSystem.length; dropped >= 0; dropped--) {
            rest += dropped < ofNonSystem.length ? ofNonSystem[dropped] : 0;
            if (dropped < left.length) {
                left[dropped] = rest;
            }
        }
    }

    /** How many may go. */
    public int droppable() {
        return left.length - 1;
    }

    /** About how many tokens are left without so many of the oldest. */
    public long left(int dropped) {
        return left[dropped];
    }

    /** What is left without so many of the oldest. */
    List<Message> without(int count) {
        if (count == 0) {
            return messages;
        }
        var kept = new ArrayList<Message>();
        var dropped = 0;
        for (var message : messages) {
            if (!message.isSystem() && dropped < count) {
                dropped++;
            } else {
                kept.add(message);
            }
        }
        return kept;
    }

    private static long length(Message message) {
        var letters = message.content().length() + (long) message.thinking().length();
        for (var call : message.toolCalls()) {
            letters += length(call);
        }
        return TOKENS_OF_A_TURN
                + letters / LETTERS_OF_A_TOKEN
                + (long) PromptLimits.TOKENS_OF_AN_IMAGE * message.images().size();
    }

    private static long length(ToolCall call) {
        return call.name().length() + (long) call.arguments().length();
    }
}
