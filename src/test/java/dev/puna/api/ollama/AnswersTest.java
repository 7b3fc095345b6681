// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.json.RecordJson;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.GenerationEvent.Text;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.Usage;
import dev.puna.inference.RequestClock;
import dev.puna.support.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswersTest {
    private static final String HEAD = "{\"model\":\"m\",\"created_at\":\"2026-11-21T09:23:40.002437208Z\",";
    private static final Usage USAGE = new Usage(6, 2, Duration.ofNanos(1703024), 8, Duration.ofNanos(851779), 0, 8);

    private final AtomicLong nanos = new AtomicLong(1_000);
    private final RequestClock clock =
            RequestClock.start(nanos::get, () -> Instant.parse("2026-11-21T09:23:40.002437208Z"));
    private final ChatResponseBuilder chat = new ChatResponseBuilder("m", clock);
    private final GenerateResponseBuilder generate = new GenerateResponseBuilder("m", clock);

    @Test
    void a_piece_of_a_chat_is_a_message_of_the_assistant() {
        assertThat(json(chat.chunk(Script.text("Hi"))))
                .isEqualTo(HEAD + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"done\":false}");
        assertThat(json(chat.chunk(Script.reasoning("hm"))))
                .isEqualTo(HEAD
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"hm\"},\"done\":false}");
    }

    @Test
    void the_last_line_of_a_chat_tells_what_it_took() {
        nanos.set(1_300);
        clock.loaded();
        nanos.set(2_000);

        var last = chat.chunk(new Finished(FinishReason.LENGTH, USAGE, List.of(), false));

        assertThat(json(last))
                .isEqualTo(HEAD + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
                        + "\"done_reason\":\"length\",\"total_duration\":1000,\"load_duration\":300,"
                        + "\"prompt_eval_count\":6,\"prompt_eval_cached_count\":2,\"prompt_eval_duration\":1703024,"
                        + "\"eval_count\":8,\"eval_duration\":851779}");
    }

    @Test
    void what_was_left_out_of_the_prompt_is_said_at_the_end() {
        var last = chat.chunk(new Finished(FinishReason.STOP, USAGE, List.of(), true));

        assertThat(json(last)).endsWith(",\"eval_duration\":851779,\"truncated\":true}");
    }

    @Test
    void an_answer_of_one_token_has_a_duration_though_there_is_no_next_token_to_measure_to() {
        var usage = new Usage(2, 0, Duration.ofNanos(7), 1, Duration.ZERO, 0, 1);

        assertThat(json(chat.chunk(new Finished(FinishReason.LENGTH, usage, List.of(), false))))
                .contains("\"eval_count\":1,\"eval_duration\":1}");
    }

    @Test
    void a_call_of_a_tool_gets_a_name_and_keeps_the_order_of_its_arguments() {
        var json = json(chat.chunk(Script.call("weather", "{\"z\":\"<Paris>\",\"a\":[1,2.50,3.0,null]}")));

        assertThat(json)
                .matches(".*\"tool_calls\":\\[\\{\"id\":\"call_[a-z0-9]{8}\",\"function\":\\{\"index\":0,.*")
                .contains(
                        "\"name\":\"weather\",\"arguments\":{\"z\":\"\\u003cParis\\u003e\",\"a\":[1,2.5,3,null]}}}]}");
    }

    @Test
    void whatever_a_model_writes_into_a_call_every_client_can_read_it() {
        var json = json(
                chat.chunk(
                        Script.call(
                                "say",
                                "{\"t\":\"x \\ud83d y \\ud83d\\ude00\",\"\\udc00\":1,\"n\":[1e400,-1e400],\"id\":1234567890123456789}")));

        assertThat(json)
                .contains("\"arguments\":{\"t\":\"x \ufffd y \ud83d\ude00\",\"\ufffd\":1,"
                        + "\"n\":[\"1E+400\",\"-1E+400\"],\"id\":1234567890123456789}");
    }

    @Test
    void a_chat_that_is_not_streamed_is_one_object_with_everything() {
        chat.add(Script.reasoning("h"));
        chat.add(Script.reasoning("m"));
        chat.add(new Text("Hel", List.of(token("Hel"))));
        chat.add(new Text("lo", List.of(token("lo"))));
        chat.add(new Finished(FinishReason.STOP, USAGE, List.of(), false));
        nanos.set(2_000);

        assertThat(json(chat.whole()))
                .startsWith(HEAD + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello\",\"thinking\":\"hm\"},"
                        + "\"done\":true,\"done_reason\":\"stop\",\"logprobs\":["
                        + "{\"token\":\"Hel\",\"logprob\":-0.5,\"bytes\":[72,101,108]},"
                        + "{\"token\":\"lo\",\"logprob\":-0.5,\"bytes\":[108,111]}],\"total_duration\":");
    }

    @Test
    void a_piece_of_a_generation_is_its_response() {
        assertThat(json(generate.chunk(Script.text("<b>"))))
                .isEqualTo(HEAD + "\"response\":\"\\u003cb\\u003e\",\"done\":false}");
    }

    @Test
    void the_last_line_of_a_generation_has_the_context_and_the_calls() {
        generate.chunk(Script.call("f", "{}"));

        var json = json(generate.chunk(new Finished(FinishReason.STOP, USAGE, List.of(818, 5279), false)));

        assertThat(json)
                .startsWith(HEAD + "\"response\":\"\",\"done\":true,\"done_reason\":\"stop\",\"context\":[818,5279],")
                .matches(".*\"eval_duration\":851779,\"tool_calls\":\\[\\{\"id\":\"call_[a-z0-9]{8}\".*");
    }

    @Test
    void alternatives_stand_beside_the_token_they_were_alternatives_to() {
        var token = new TokenLogprob("a", List.of(97), -0.25, List.of(token("a"), token("b")));

        assertThat(json(generate.chunk(new Text("a", List.of(token)))))
                .endsWith("\"logprobs\":[{\"token\":\"a\",\"logprob\":-0.25,\"bytes\":[97],\"top_logprobs\":["
                        + "{\"token\":\"a\",\"logprob\":-0.5,\"bytes\":[97]},"
                        + "{\"token\":\"b\",\"logprob\":-0.5,\"bytes\":[98]}]}]}");
    }

    private static TokenLogprob token(String text) {
        return new TokenLogprob(text, text.chars().boxed().toList(), -0.5, List.of());
    }

    private static String json(Object value) {
        return new String(RecordJson.bytes(value), StandardCharsets.UTF_8);
    }
}
