// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.Prompt;
import dev.puna.support.TestPrompts;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TurnsTest {
    private static final Message SYSTEM = Message.of("system", "Be kind.");
    private static final Message LATER_SYSTEM = Message.of("system", "Be brief.");
    private static final Message FIRST = Message.of("user", "First.");
    private static final Message SECOND = Message.of("assistant", "Second.");
    private static final Message LAST = Message.of("user", "Last.");

    @Test
    void the_oldest_go_but_neither_system_texts_nor_the_last() {
        var turns = turns(List.of(SYSTEM, FIRST, LATER_SYSTEM, SECOND, LAST));

        assertThat(turns.droppable()).isEqualTo(2);
        assertThat(turns.without(0)).containsExactly(SYSTEM, FIRST, LATER_SYSTEM, SECOND, LAST);
        assertThat(turns.without(1)).containsExactly(SYSTEM, LATER_SYSTEM, SECOND, LAST);
        assertThat(turns.without(2)).containsExactly(SYSTEM, LATER_SYSTEM, LAST);
    }

    @Test
    void all_others_may_go_where_a_system_text_is_the_last() {
        var turns = turns(List.of(FIRST, SECOND, SYSTEM));

        assertThat(turns.droppable()).isEqualTo(2);
        assertThat(turns.without(2)).containsExactly(SYSTEM);
        assertThat(turns(List.of(SYSTEM)).droppable()).isZero();
        assertThat(turns(List.of()).droppable()).isZero();
    }

    @Test
    void lengths_count_words_calls_images_and_what_came_before() {
        var call = new ToolCall("", 0, "f", "{\"a\":\"%s\"}".formatted("x".repeat(4_000)));
        var calls = new Message("assistant", "", "y".repeat(4_000), List.of(), List.of(call), "", "");
        var image = new Message("user", "", "", List.of(new Image(new byte[1])), List.of(), "", "");
        var turns = new Turns(new Prompt.Conversation(
                List.of(SYSTEM, calls, image, LAST),
                List.of(new ToolDefinition("f", "z".repeat(8_000))),
                Thinking.UNSET,
                Optional.empty(),
                "",
                Collections.nCopies(10_000, 1)));

        assertThat(turns.left(0) - turns.left(1)).isBetween(2_000L, 2_020L);
        assertThat(turns.left(1) - turns.left(2)).isBetween(768L, 780L);
        assertThat(turns.left(2)).isBetween(12_000L, 12_020L);
    }

    private static Turns turns(List<Message> messages) {
        return new Turns(TestPrompts.conversation(messages));
    }
}
