// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.ToolDefinition;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.parsing.ThinkingTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TagResponseParserTest {

    private static final Optional<ThinkingTags> THINK = Optional.of(new ThinkingTags("<think>", "</think>"));
    private static final List<ToolDefinition> TOOLS = List.of(new ToolDefinition("get_time", "{}"));
    private static final String CALL = "<tool_call>{\"name\":\"get_time\",\"arguments\":{}}</tool_call>";

    @Test
    void thought_content_and_call_come_in_order() {
        var events = read(
                new ResponseFormat.Tagged(THINK, false, Optional.of("<tool_call>"), TOOLS),
                "<think>a <tool_call> b</think>\nc",
                " " + CALL);

        assertThat(events)
                .extracting(Object::toString)
                .containsExactly(
                        "Reasoning[piece=a , logprobs=[]]",
                        "Reasoning[piece=<tool_call> b, logprobs=[]]",
                        "Text[piece=c, logprobs=[]]",
                        "Text[piece= , logprobs=[]]",
                        "ToolUse[call=ToolCall[id=, index=0, name=get_time, arguments={}]]");
    }

    @Test
    void a_call_in_a_thought_after_which_nothing_comes_is_a_call() {
        var responseFormat = new ResponseFormat.Tagged(THINK, false, Optional.of("<tool_call>"), TOOLS);
        var call = "ToolUse[call=ToolCall[id=, index=0, name=get_time, arguments={}]]";

        for (var end : List.of("", "</think>\n")) {
            assertThat(read(responseFormat, "<think>I should. " + CALL + end))
                    .extracting(Object::toString)
                    .containsExactly("Reasoning[piece=I should. , logprobs=[]]", call);
        }
        assertThat(read(responseFormat, "<think>I could. " + CALL + "</think>But no."))
                .extracting(Object::toString)
                .doesNotContain(call);
    }

    @Test
    void without_tools_in_the_request_a_call_is_content() {
        var events = read(new ResponseFormat.Tagged(THINK, false, Optional.of("<tool_call>"), List.of()), CALL);

        assertThat(events).containsExactly(new GenerationEvent.Text(CALL, List.of()));
    }

    @Test
    void a_prompt_that_opens_the_thought_is_taken_at_its_word() {
        var events = read(new ResponseFormat.Tagged(THINK, true, Optional.empty(), TOOLS), "a</th", "ink>b");

        assertThat(events)
                .containsExactly(
                        new GenerationEvent.Reasoning("a", List.of()), new GenerationEvent.Text("b", List.of()));
    }

    @Test
    void no_log_probability_is_lost() {
        var reader = new TagResponseParser(new ResponseFormat.Tagged(THINK, false, Optional.of("<tool_call>"), TOOLS));
        var events = new ArrayList<GenerationEvent>();
        for (var piece : List.of("<think>", "a", "</think>", "b", CALL)) {
            events.addAll(reader.read(new GenerationEvent.Text(piece, List.of(logprob(piece)))));
        }
        events.addAll(reader.end());

        assertThat(events)
                .containsSubsequence(
                        new GenerationEvent.Reasoning("a", List.of(logprob("<think>"), logprob("a"))),
                        new GenerationEvent.Text("b", List.of(logprob("</think>"), logprob("b"))),
                        new GenerationEvent.Text("", List.of(logprob(CALL))));
    }

    private static TokenLogprob logprob(String token) {
        return new TokenLogprob(token, List.of(), -1, List.of());
    }

    private static List<GenerationEvent> read(ResponseFormat.Tagged responseFormat, String... pieces) {
        var events = new ArrayList<GenerationEvent>();
        try (var reader = new TagResponseParser(responseFormat)) {
            for (var piece : pieces) {
                events.addAll(reader.read(new GenerationEvent.Text(piece, List.of())));
            }
            events.addAll(reader.end());
        }
        return events;
    }
}
