// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.FinishReason;
import dev.puna.failure.InvalidRequest;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.support.Script;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes back of a request: one object or a stream of lines, and what becomes of the lease. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GenerationAnswersTest {
    private final ScriptedGenerations generations;

    GenerationAnswersTest(@TempDir Path folder) {
        generations = new ScriptedGenerations(folder);
    }

    @Test
    void names_are_found_in_any_case_and_told_back_as_they_were_sent() {
        generations.loader.answers(Script.answering("x"));

        assertThat(generations.whole("{'model':'PLAIN:Latest','prompt':'x','stream':false}"))
                .startsWith("{\"model\":\"PLAIN:Latest\"");
    }

    @Test
    void nothing_to_say_and_no_time_to_stay_unloads_the_model() {
        assertThat(generations.whole("{'model':'plain','keep_alive':0}"))
                .contains("\"done\":true,\"done_reason\":\"unload\"}");
        assertThat(ScriptedGenerations.object(generations.chat("{'model':'plain','messages':[],'keep_alive':'0s'}")))
                .endsWith("\"message\":{\"role\":\"assistant\",\"content\":\"\"},"
                        + "\"done\":true,\"done_reason\":\"unload\"}");

        assertThat(generations.scheduling.expired())
                .containsExactly(ModelName.parse("plain"), ModelName.parse("plain"));
        assertThat(generations.scheduling.requests()).isEmpty();
    }

    @Test
    void nothing_to_say_loads_the_model() {
        assertThat(generations.whole("{'model':'plain','keep_alive':-1}"))
                .endsWith("\"response\":\"\",\"done\":true,\"done_reason\":\"load\"}");
        assertThat(ScriptedGenerations.object(generations.chat("{'model':'plain'}")))
                .endsWith("\"done\":true,\"done_reason\":\"load\"}");

        assertThat(generations.scheduling.requests())
                .extracting("keepAlive")
                .containsExactly(Optional.of(KeepAlive.FOREVER), Optional.empty());
        assertThat(generations.scheduling.closings()).isEqualTo(2);
    }

    @Test
    void only_the_rendered_prompt_is_given_when_only_that_is_wanted() {
        var chat = generations.chat(
                "{'model':'plain','messages':[{'role':'user','content':'a'}],'_debug_render_only':true}");

        assertThat(chat.framing().grows()).isFalse();
        assertThat(ScriptedGenerations.object(chat))
                .endsWith("\"message\":{\"role\":\"\",\"content\":\"\"},\"done\":false,\"_debug_info\":"
                        + "{\"rendered_template\":\"\\u003c|im_start|\\u003euser\\na\\u003c|im_end|\\u003e\\n"
                        + "\\u003c|im_start|\\u003eassistant\\n\"}}");
        assertThat(generations.scheduling.open()).isZero();
        assertThat(generations.loader.engine().requests()).isEmpty();
    }

    @Test
    void a_streamed_answer_has_a_line_for_each_event_that_says_something() {
        generations.loader.answers(Script.of(
                Script.text("Hel"), Script.text(""), Script.text("lo"), Script.finished(FinishReason.STOP, 2)));

        var lines = ScriptedGenerations.lines(generations.generate("{'model':'plain','prompt':'x'}"));

        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).endsWith("\"response\":\"Hel\",\"done\":false}");
        assertThat(lines.getLast())
                .contains("\"response\":\"\",\"done\":true,\"done_reason\":\"stop\",\"context\":[1,2,3]");
        assertThat(generations.scheduling.closings()).isEqualTo(1);
    }

    @Test
    void an_answer_that_is_not_streamed_is_one_object() {
        generations.loader.answers(Script.answering("Hel", "lo"));

        assertThat(generations.whole("{'model':'plain','prompt':'x','stream':false}"))
                .contains("\"response\":\"Hello\",\"done\":true,\"done_reason\":\"stop\"");
        assertThat(generations.scheduling.open()).isZero();
    }

    @Test
    void each_subscription_is_an_answer_of_its_own() {
        generations.loader.answers(Script.answering("a"));
        var stream = generations.chat("{'model':'plain','messages':[{}]}");

        assertThat(ScriptedGenerations.lines(stream)).hasSize(2);
        assertThat(ScriptedGenerations.lines(stream)).hasSize(2);
        assertThat(generations.scheduling.closings()).isEqualTo(2);
    }

    @Test
    void a_failure_of_the_engine_closes_the_lease() {
        generations.loader.answers(Script.failing(new InvalidRequest("too long"), "a"));

        assertThatThrownBy(() -> generations.whole("{'model':'plain','prompt':'x','stream':false}"))
                .hasMessage("too long");
        assertThat(generations.scheduling.open()).isZero();
    }
}
