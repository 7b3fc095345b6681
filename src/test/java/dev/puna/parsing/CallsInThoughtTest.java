// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.parsing.ResponsePart.Call;
import dev.puna.parsing.ResponsePart.Content;
import dev.puna.parsing.ResponsePart.Thought;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CallsInThoughtTest {

    private static final List<ToolDefinition> TOOLS =
            List.of(new ToolDefinition("ping", "{}"), new ToolDefinition("note", "{}"));
    private static final String PING = "<call>{\"name\": \"ping\", \"arguments\": {}}</call>";
    private static final String NOTE =
            "<call>{\"name\": \"note\", \"arguments\": {\"text\": \"I am so hungry\"}}</call>";

    @Test
    void a_call_at_the_end_is_one() {
        assertThat(thoughts("I should ping. " + PING)).containsExactly(new Thought("I should ping. "), ping(0));
        assertThat(thoughts(PING + "\n")).containsExactly(ping(0));
    }

    @Test
    void several_calls_are_numbered_behind_those_before() {
        var parts = new ArrayList<ResponsePart>();
        try (var search = search()) {
            parts.addAll(search.add(new Call(new ToolCall("", 0, "ping", "{}"))));
            parts.addAll(search.add(new Thought("and " + NOTE + "\n" + PING)));
            parts.addAll(search.end());
        }

        assertThat(parts)
                .containsExactly(
                        ping(0),
                        new Thought("and "),
                        new Call(new ToolCall("", 1, "note", "{\"text\":\"I am so hungry\"}")),
                        ping(2));
    }

    @Test
    void nothing_of_a_call_is_seen_before_it_is_settled() {
        try (var search = search()) {
            var given = new StringBuilder();
            for (var c : ("Well, " + NOTE).toCharArray()) {
                search.add(new Thought(String.valueOf(c))).forEach(part -> given.append(((Thought) part).piece()));
            }

            assertThat(given).hasToString("Well, ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A call is written <call> in this format, and then",
                "I would write " + PING + " if I had to, but not now.",
                "The format is <call>{\"name\": \"walk\", \"arguments\": {}}</call>",
                "It is <call>{\"name\": \"ping\", \"argu",
                "It is <call>{}</call> or so",
                "a < b and <cal",
                "<call><call>"
            })
    void what_a_thought_mentions_stays_in_it(String thought) {
        assertThat(joined(thoughts(thought))).isEqualTo("thought:" + thought);
        assertThat(joined(letters(thought))).isEqualTo("thought:" + thought);
    }

    @Test
    void sentences_behind_a_mention_are_given_at_once() {
        try (var search = search()) {
            search.add(new Thought("Use " + PING));

            assertThat(search.add(new Thought(" only when I must")))
                    .containsExactly(new Thought(PING + " only when I must"));
            assertThat(search.add(new Thought("."))).containsExactly(new Thought("."));
        }
    }

    @Test
    void a_call_behind_a_mention_is_found() {
        assertThat(thoughts("With <call> I can call: " + PING))
                .containsExactly(new Thought("With "), new Thought("<call> I can call: "), ping(0));
        assertThat(thoughts("<call> so: " + PING)).containsExactly(ping(0));
        assertThat(letters("Use <call> tags: " + PING)).endsWith(ping(0));
    }

    @Test
    void an_answer_or_a_call_behind_the_thought_wins() {
        try (var search = search()) {
            search.add(new Thought(PING));
            assertThat(search.add(new Content("\n"))).isEmpty();

            assertThat(search.add(new Content("No.")))
                    .containsExactly(new Thought(PING), new Content("\n"), new Content("No."));
            assertThat(search.end()).isEmpty();
        }
        try (var search = search()) {
            search.add(new Thought(NOTE));

            assertThat(search.add(ping(0))).containsExactly(new Thought(NOTE), ping(0));
        }
    }

    @Test
    void blanks_behind_a_thought_that_ends_with_a_call_are_dropped() {
        try (var search = search()) {
            search.add(new Thought(PING));
            search.add(new Content("\n\n"));

            assertThat(search.end()).containsExactly(ping(0));
        }
    }

    @Test
    void with_nothing_to_call_all_is_given_at_once() {
        try (var search = new CallsInThought(List.of(), () -> {
            throw new AssertionError("no probe is needed");
        })) {
            assertThat(search.add(new Thought("<call>"))).containsExactly(new Thought("<call>"));
            assertThat(search.end()).isEmpty();
        }
    }

    private static Call ping(int index) {
        return new Call(new ToolCall("", index, "ping", "{}"));
    }

    private static CallsInThought search() {
        return new CallsInThought(List.of("<call>"), () -> new TagCallProbe("<call>", TOOLS));
    }

    private static List<ResponsePart> thoughts(String... pieces) {
        var parts = new ArrayList<ResponsePart>();
        try (var search = search()) {
            for (var piece : pieces) {
                parts.addAll(search.add(new Thought(piece)));
            }
            parts.addAll(search.end());
        }
        return parts;
    }

    private static List<ResponsePart> letters(String text) {
        return thoughts(text.codePoints().mapToObj(Character::toString).toArray(String[]::new));
    }

    private static String joined(List<ResponsePart> parts) {
        var all = new StringBuilder("thought:");
        for (var part : parts) {
            switch (part) {
                case Thought(var piece) -> all.append(piece);
                case Content(var piece) -> all.append("|content:").append(piece);
                case Call(var call) -> all.append("|call:").append(call.name());
            }
        }
        return all.toString();
    }
}
