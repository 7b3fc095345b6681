// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import dev.puna.engine.prompt.ShortCallIds;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GrowingCallsTest {

    private final GrowingCalls calls = new GrowingCalls();

    @Test
    void a_call_is_whole_when_the_next_one_begins_or_the_answer_ends() {
        assertThat(calls.add(0, "", "ge", "")).isEmpty();
        assertThat(calls.add(0, "", "get", "{\"a\":")).isEmpty();
        assertThat(calls.add(0, "", "", " 1}")).isEmpty();
        assertThat(calls.add(0, "id7", "get", "")).isEmpty();
        assertThat(calls.add(1, "", "put", "")).contains(new ToolCall("id7", 0, "get", "{\"a\": 1}"));
        assertThat(calls.end()).contains(new ToolCall("", 1, "put", "{}"));
        assertThat(calls.end()).isEmpty();
    }

    @Test
    void arguments_that_are_cut_off_or_no_object_make_no_call() {
        for (var arguments : List.of("{\"a\":", "[1]", "5", "\"{\\\"a\\\":\"", "\"\\\"x\\\"\"")) {
            calls.add(0, "", "get", arguments);
            assertThat(calls.end()).as(arguments).isEmpty();
        }
    }

    @Test
    void an_object_in_quotes_is_taken_out_of_them() {
        calls.add(0, "", "get", "\"{\\\"a\\\":1}\"");

        assertThat(calls.end()).contains(new ToolCall("", 0, "get", "{\"a\":1}"));
    }

    @Test
    void ids_of_nine_digits_join_results_to_their_calls() {
        var turns = List.of(
                Message.of("user", "u"),
                calling(new ToolCall("x", 0, "a", "{}"), new ToolCall("y", 1, "b", "{}")),
                result("y"),
                result("x"),
                calling(new ToolCall("", 0, "a", "{}"), new ToolCall("", 1, "b", "{}")),
                result(""),
                result(""),
                result("unknown"));

        var renamed = ShortCallIds.in(turns);

        assertThat(renamed.get(1).toolCalls()).extracting(ToolCall::id).containsExactly("000000001", "000000002");
        assertThat(renamed)
                .extracting(Message::toolCallId)
                .containsExactly("", "", "000000002", "000000001", "", "000000003", "000000004", "000000000");
    }

    private static Message calling(ToolCall... made) {
        return new Message("assistant", "", "", List.of(), List.of(made), "", "");
    }

    private static Message result(String id) {
        return new Message("tool", "r", "", List.of(), List.of(), "", id);
    }
}
