// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches the engine of a request: prompt, template, options, thinking and tools. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GenerationPromptsTest {
    private final ScriptedGenerations generations;

    GenerationPromptsTest(@TempDir Path folder) {
        generations = new ScriptedGenerations(folder);
    }

    @Test
    void a_prompt_becomes_a_conversation_of_system_text_examples_and_question() {
        generations.whole("{'model':'pirate','prompt':'Where?','stream':false,'options':{'top_k':7}}");

        assertThat(generations.conversation().messages())
                .containsExactly(
                        Message.of("system", "You are a pirate."),
                        Message.of("user", "Hi"),
                        Message.of("assistant", "Ahoy"),
                        Message.of("user", "Where?"));
        var request = generations.loader.engine().requests().getLast();
        assertThat(request.options().temperature()).isZero();
        assertThat(request.options().topK()).isEqualTo(7);
        assertThat(request.options().stop()).containsExactly("Arr");
        assertThat(request.returnContext()).isTrue();
        assertThat(request.shift()).isTrue();
        assertThat(request.format()).isEqualTo(new OutputFormat.Free());
        assertThat(generations.scheduling.requests().getLast().options().numCtx())
                .hasValue(1024);
    }

    @Test
    void the_system_text_of_a_prompt_replaces_the_models_and_a_context_its_examples() {
        generations.whole("{'model':'pirate','prompt':'Where?','system':'Be brief.','context':[1,2],'stream':false}");

        assertThat(generations.conversation().messages())
                .containsExactly(Message.of("system", "Be brief."), Message.of("user", "Where?"));
        assertThat(generations.conversation().context()).containsExactly(1, 2);
    }

    @Test
    void a_model_without_a_template_goes_on_from_the_bare_prompt_but_chats_by_a_usual_one() {
        generations.whole("{'model':'plain','prompt':'x','stream':false}");
        assertThat(generations.conversation().template()).contains("{{ .Prompt }}");

        ScriptedGenerations.object(generations.chat("{'model':'plain','messages':[{}],'stream':false}"));
        assertThat(generations.conversation().template()).isEmpty();
    }

    @Test
    void a_template_of_the_model_is_left_to_the_engine_and_one_of_the_request_goes_before_it() {
        generations.whole("{'model':'thinker','prompt':'x','stream':false}");
        assertThat(generations.conversation().template()).isEmpty();

        generations.whole("{'model':'thinker','prompt':'x','stream':false,'template':'T {{ .Prompt }}'}");
        assertThat(generations.conversation().template()).contains("T {{ .Prompt }}");

        ScriptedGenerations.object(generations.chat("{'model':'gotemplate','messages':[{}],'stream':false}"));
        assertThat(generations.conversation().template()).contains("G {{ .Prompt }}");
    }

    @Test
    void what_the_weights_recommend_counts_below_the_models_parameters_and_these_below_the_request() {
        generations.whole("{'model':'tuned','prompt':'x','stream':false,'options':{'typical_p':0.875}}");

        var options = generations.loader.engine().requests().getLast().options();
        assertThat(options.temperature()).isEqualTo(0.25f);
        assertThat(options.repeatLastN()).isEqualTo(9);
        assertThat(options.topK()).isEqualTo(8);
        assertThat(options.typicalP()).isEqualTo(0.875f);
        assertThat(options.repeatPenalty()).isEqualTo(1);
        assertThat(options.minP()).isZero();
    }

    @Test
    void what_stands_at_the_beginning_of_a_file_is_filled_in_from_what_follows_alone() {
        generations.whole("{'model':'filler','prompt':'','suffix':'return x','stream':false}");

        assertThat(generations.conversation().suffix()).isEqualTo("return x");
        assertThat(generations.whole("{'model':'filler','suffix':'y','raw':true}"))
                .contains("\"done_reason\":\"load\"");
    }

    @Test
    void a_gap_is_left_to_the_marks_of_the_vocabulary_where_no_template_says_how_it_is_filled() {
        generations.whole("{'model':'plain','prompt':'x','suffix':'y','system':'s','stream':false}");

        assertThat(generations.prompt())
                .isEqualTo(new Prompt.FillIn(
                        "x", "y", "", List.of(), "registry.ollama.ai/library/plain:latest does not support insert"));
    }

    @Test
    void a_format_that_ollama_knows_by_name_is_left_to_the_template_in_the_weights() {
        ScriptedGenerations.object(generations.chat("{'model':'coder','messages':[{}],'stream':false}"));
        assertThat(generations.conversation().template()).isEmpty();

        ScriptedGenerations.object(generations.chat("{'model':'oss','messages':[{}],'stream':false}"));
        assertThat(generations.conversation().template()).isEmpty();
    }

    @Test
    void raw_text_goes_before_the_model_as_it_is() {
        generations.whole(
                "{'model':'pirate','prompt':'Once','raw':true,'stream':false,'truncate':false,'shift':false}");

        var request = generations.loader.engine().requests().getLast();
        assertThat(request.prompt()).isEqualTo(new Prompt.Raw("Once"));
        assertThat(request.returnContext()).isFalse();
        assertThat(request.truncate()).isFalse();
        assertThat(request.shift()).isFalse();
    }

    @Test
    void a_chat_begins_with_the_models_system_text_unless_it_brings_its_own() {
        ScriptedGenerations.object(
                generations.chat("{'model':'pirate','messages':[{'role':'user','content':'a'}],'stream':false}"));

        assertThat(generations.conversation().messages())
                .extracting("content")
                .containsExactly("You are a pirate.", "Hi", "Ahoy", "a");

        ScriptedGenerations.object(
                generations.chat("{'model':'pirate','messages':[{'role':'system','content':'s'}],'stream':false}"));

        assertThat(generations.conversation().messages()).extracting("content").containsExactly("Hi", "Ahoy", "s");
    }

    @Test
    void a_model_that_thinks_does_so_unless_told_not_to() {
        ScriptedGenerations.object(generations.chat("{'model':'thinker','messages':[{}],'stream':false}"));
        assertThat(generations.conversation().thinking()).isEqualTo(Thinking.ON);

        ScriptedGenerations.object(
                generations.chat("{'model':'thinker','messages':[{}],'stream':false,'think':false}"));
        assertThat(generations.conversation().thinking()).isEqualTo(Thinking.OFF);

        ScriptedGenerations.object(generations.chat("{'model':'plain','messages':[{}],'stream':false,'think':false}"));
        assertThat(generations.conversation().thinking()).isEqualTo(Thinking.OFF);
    }

    @Test
    void tools_reach_a_model_that_knows_them() {
        ScriptedGenerations.object(generations.chat(
                "{'model':'tooler','messages':[{}],'tools':[{'function':{'name':'f'}}],'stream':false}"));

        assertThat(generations.conversation().tools()).singleElement().satisfies(tool -> assertThat(tool.name())
                .isEqualTo("f"));
    }
}
