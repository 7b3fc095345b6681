// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.chat.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Turns as templates get them. Source: contract 8.3.
 *
 * @param system all system texts, a blank line between
 * @param messages turns in order, neighbours of one role made one, but for results of tools
 */
record Collation(String system, List<Message> messages) {
    private static final String BETWEEN = "\n\n";

    Collation {
        messages = List.copyOf(messages);
    }

    static Collation of(List<Message> messages) {
        var system = new ArrayList<String>();
        var collated = new ArrayList<Message>();
        for (var from = 0; from < messages.size(); ) {
            var to = endOfRun(messages, from);
            var run = messages.subList(from, to);
            collated.add(to - from == 1 ? run.getFirst() : run.getFirst().withContent(joined(run)));
            if (run.getFirst().isSystem()) {
                run.forEach(message -> system.add(message.content()));
            }
            from = to;
        }
        return new Collation(String.join(BETWEEN, system), collated);
    }

    private static int endOfRun(List<Message> messages, int from) {
        var role = messages.get(from).role();
        var to = from + 1;
        while (to < messages.size() && messages.get(to).role().equals(role) && !role.equals("tool")) {
            to++;
        }
        return to;
    }

    private static String joined(List<Message> run) {
        return run.stream().map(Message::content).collect(Collectors.joining(BETWEEN));
    }
}
