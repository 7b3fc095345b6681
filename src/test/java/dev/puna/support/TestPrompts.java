// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt;
import java.util.List;
import java.util.Optional;

/** Prompts of which only the messages matter. */
public final class TestPrompts {

    private TestPrompts() {}

    /** A conversation without tools, in the model's own template. */
    public static Prompt.Conversation conversation(List<Message> messages) {
        return new Prompt.Conversation(messages, List.of(), Thinking.UNSET, Optional.empty(), "", List.of());
    }
}
