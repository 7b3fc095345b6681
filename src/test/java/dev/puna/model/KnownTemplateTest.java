// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.LlamaTemplates;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Jinja templates are known, and what their models get; contract 3.2, step 2. */
@Timeout(30)
class KnownTemplateTest {
    private static final String TURNS =
            "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' " + "+ '\\n'}}{% endfor %}";
    private static final String BEGIN = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for message in messages %}" + TURNS + BEGIN,
                "{%- for message in messages -%}\n" + TURNS + "\n" + BEGIN,
                "{% for message in messages %}" + TURNS,
                "{% if tools %}{{ tools }}{% endif %}{% for message in messages %}" + TURNS + BEGIN,
                "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
                        + "{{ '<|im_start|>system\\nYou are kind.<|im_end|>\\n' }}{% endif %}" + TURNS + BEGIN
            })
    void a_template_is_known_by_its_likeness(String jinja) {
        assertThat(KnownTemplate.of(jinja)).hasValueSatisfying(known -> {
            assertThat(known.name()).isEqualTo("chatml");
            assertThat(known.goTemplate()).isPresent();
            assertThat(known.stop()).containsExactly("<|im_start|>", "<|im_end|>");
        });
    }

    @Test
    void a_template_with_a_long_system_text_of_its_own_keeps_it() {
        var jinja = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
                + "{{ '<|im_start|>system\\n%s<|im_end|>\\n' }}{% endif %}" + TURNS + BEGIN;

        assertThat(KnownTemplate.of(jinja.replace("%s", "You are kind. ".repeat(10))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{{ messages }}", "{{ messages[0].content }}"})
    void a_template_that_is_like_none_is_not_known(String jinja) {
        assertThat(KnownTemplate.of(jinja)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "google-gemma-2-2b-it, gemma-instruct, <start_of_turn>, <end_of_turn>",
        "meta-llama-Llama-3.1-8B-Instruct, llama3-instruct, <|start_header_id|>, <|eot_id|>"
    })
    void models_of_a_well_known_kind_get_its_stops(String file, String name, String first, String last) {
        var jinja = LlamaTemplates.read(file);

        assertThat(KnownTemplate.of(jinja)).hasValueSatisfying(known -> {
            assertThat(known.name()).isEqualTo(name);
            assertThat(known.goTemplate()).isEmpty();
            assertThat(known.stop()).startsWith(first).endsWith(last);
        });
        assertThat(KnownTemplate.of(jinja.replaceFirst("(?s)^.{110}", ""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Qwen-Qwen3-0.6B", "openai-gpt-oss-120b", "mistralai-Mistral-Nemo-Instruct-2407"})
    void other_models_keep_to_themselves(String file) {
        assertThat(KnownTemplate.of(LlamaTemplates.read(file))).isEmpty();
    }

    @Test
    void each_fingerprint_has_its_stops() {
        assertThat(TemplateLikeness.names())
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(KnownTemplate.named(name).stop()).isNotEmpty());
    }

    @Test
    void a_long_template_takes_no_time() {
        var parts = List.of("{", "{{ a }}", "x ", "\n");
        for (var part : parts) {
            assertThat(timed(part.repeat(9_000 / part.length()))).isLessThan(Duration.ofSeconds(2));
            assertThat(timed(part.repeat(4_600 / part.length()))).isLessThan(Duration.ofSeconds(2));
        }
    }

    private static Duration timed(String jinja) {
        var start = System.nanoTime();
        assertThat(KnownTemplate.of(jinja)).isEmpty();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
