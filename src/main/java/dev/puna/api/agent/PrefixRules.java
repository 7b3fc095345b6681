// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.agent;

import dev.puna.chat.Message;
import dev.puna.chat.ToolDefinition;
import dev.puna.inference.ChatCompletion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is done to an agent's request; see {@code src/docs/agents.md}. Only its system text and the order of its tools are touched. Pure. */
final class PrefixRules {
    /** Beginning of a line that tells Anthropic whom to bill, with a number that differs from session to session or turn to turn. */
    private static final String BILLING = "x-anthropic-billing-header:";

    /** Beginnings of lines that tell the date. */
    private static final List<String> DATES =
            List.of("Today's date", "Current date", "Current time", "<current_date>", "<current_time>");

    private PrefixRules() {}

    static ChatCompletion applied(ChatCompletion completion) {
        var tools = completion.tools().stream()
                .sorted(Comparator.comparing(ToolDefinition::name))
                .toList();
        return new ChatCompletion(
                completion.parameters(), messages(completion.messages()), tools, completion.calling());
    }

    private static List<Message> messages(List<Message> messages) {
        if (messages.isEmpty() || !messages.getFirst().isSystem()) {
            return messages;
        }
        var steady = new ArrayList<>(messages);
        var text = system(messages.getFirst().content());
        if (text.isEmpty()) {
            steady.removeFirst();
        } else {
            steady.set(0, messages.getFirst().withContent(text));
        }
        return steady;
    }

    private static String system(String text) {
        var kept = new ArrayList<String>();
        for (var line : text.split("\n", -1)) {
            if (!line.startsWith(BILLING)) {
                kept.add(DATES.stream().anyMatch(line.stripLeading()::startsWith) ? withoutTime(line) : line);
            }
        }
        // The line was a block of its own, and leaves an empty line.
        return String.join("\n", kept).stripLeading();
    }

    /** A line that tells the date, without the time of day and what follows it up to the next space or tag. */
    private static String withoutTime(String line) {
        for (var at = 1; at + 5 <= line.length(); at++) {
            if (isTime(line, at)) {
                var end = at;
                while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != '<') {
                    end++;
                }
                return line.substring(0, at - 1) + line.substring(end);
            }
        }
        return line;
    }

    /** Whether hours and minutes begin here, behind a space or the T of ISO 8601. */
    private static boolean isTime(String line, int at) {
        return (line.charAt(at - 1) == ' ' || line.charAt(at - 1) == 'T')
                && Character.isDigit(line.charAt(at))
                && Character.isDigit(line.charAt(at + 1))
                && line.charAt(at + 2) == ':'
                && Character.isDigit(line.charAt(at + 3))
                && Character.isDigit(line.charAt(at + 4));
    }
}
