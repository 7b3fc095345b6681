// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.chat.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns as templates get them. Source: contract 8.3.
 *
 * @param system all system texts, a blank line between
 * @param messages turns in order, neighbours of one role made one, but for results of tools
 */
record Collation(String system, List<Message> messages) {
    private static final String BETWEEN = "\n\n";

    static Collation of(List<Message> messages) {
        var system = new ArrayList<String>();
        var collated = new ArrayList<Message>();
        for (var message : messages) {
            if (message.isSystem()) {
                system.add(message.content());
            }
            if (collated.isEmpty()
                    || !collated.getLast().role().equals(message.role())
                    || message.role().equals("tool")) {
                collated.add(message);
            } else {
                var earlier = collated.removeLast();
                collated.add(earlier.withContent(earlier.content() + BETWEEN + message.content()));
            }
        }
        return new Collation(String.join(BETWEEN, system), List.copyOf(collated));
    }
}
