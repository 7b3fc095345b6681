// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.chat.Message;
import dev.puna.store.InstalledModel;
import java.util.ArrayList;
import java.util.List;

/** Reasoning that clients of older days leave in the text of an assistant's turns. Source: contract 1.4 and 8.6. */
final class ThinkTags {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private ThinkTags() {}

    /** Whether a model is of a kind that wrote its reasoning into its text before it was known to think. */
    static boolean mayBeInTextOf(InstalledModel model) {
        return model.config().modelFamily().equals("qwen3")
                || model.name().model().equals("deepseek-r1");
    }

    /** The conversation with the reasoning cut out of every assistant's turn before the last user's. */
    static List<Message> removedFromHistory(List<Message> messages) {
        var lastUser = messages.size() - 1;
        while (lastUser >= 0 && !messages.get(lastUser).isUser()) {
            lastUser--;
        }
        var result = new ArrayList<Message>(messages.size());
        for (var i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var cut = i < lastUser && message.role().equals("assistant");
            result.add(cut ? message.withContent(afterThinking(message.content())) : message);
        }
        return result;
    }

    static String afterThinking(String content) {
        var text = content.stripLeading();
        if (!text.startsWith(OPEN)) {
            return content;
        }
        var close = text.indexOf(CLOSE, OPEN.length());
        return close < 0 ? "" : text.substring(close + CLOSE.length()).stripLeading();
    }
}
