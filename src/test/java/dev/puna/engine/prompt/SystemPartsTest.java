// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.engine.Prompt;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.InvalidRequest;
import dev.puna.support.TestPrompts;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SystemPartsTest {
    private static final Message SYSTEM = Message.of("system", "Be brief.");
    private static final Message QUESTION = Message.of("user", "Why?");

    private final SystemParts parts = new SystemParts();
    private final AtomicInteger rendered = new AtomicInteger();

    @Test
    void it_ends_where_the_user_begins() {
        assertThat(of(SYSTEM, QUESTION)).isEqualTo("system:Be brief.;user:".length());
        assertThat(of(SYSTEM, QUESTION, Message.of("assistant", "So."), QUESTION))
                .isEqualTo("system:Be brief.;user:".length());
    }

    @Test
    void without_system_text_or_tools_there_is_none() {
        assertThat(of(QUESTION)).isZero();
        assertThat(of(QUESTION, SYSTEM)).isZero();
        assertThat(rendered).hasValue(0);
    }

    @Test
    void the_same_one_is_looked_for_once() {
        for (var question = 0; question < 5; question++) {
            of(SYSTEM, Message.of("user", "Question " + question));
        }

        assertThat(rendered).hasValue(1);
    }

    @Test
    void a_template_that_refuses_another_question_has_none() {
        var conversation = TestPrompts.conversation(List.of(SYSTEM, QUESTION));

        assertThat(parts.of(conversation, tokens(conversation), _ -> {
                    throw new InvalidRequest("roles must alternate");
                }))
                .isZero();
    }

    private int of(Message... messages) {
        var conversation = TestPrompts.conversation(List.of(messages));
        return parts.of(conversation, tokens(conversation), other -> {
            rendered.incrementAndGet();
            return tokens(other).text();
        });
    }

    /** A token for each letter. */
    private static TokenList tokens(Prompt.Conversation conversation) {
        var text = new StringBuilder();
        for (var message : conversation.messages()) {
            text.append(message.role()).append(':').append(message.content()).append(';');
        }
        return new TokenList(text.chars().toArray());
    }
}
