// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static dev.puna.model.Capability.AUDIO;
import static dev.puna.model.Capability.COMPLETION;
import static dev.puna.model.Capability.EMBEDDING;
import static dev.puna.model.Capability.INSERT;
import static dev.puna.model.Capability.THINKING;
import static dev.puna.model.Capability.TOOLS;
import static dev.puna.model.Capability.VISION;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Contract 3.5. */
class CapabilitiesTest {
    private static final String TOOLS_AND_BACK =
            "{% if tools %}{{ message.tool_calls }}{% endif %}{% if message.role == 'tool' %}{% endif %}";

    @Test
    void models_complete_unless_they_pool() {
        assertThat(of(config("llama"), facts(false, 0, 0), Optional.empty(), TemplateKind.NONE))
                .containsExactly(COMPLETION);
        assertThat(of(config("bert"), facts(true, 0, 0), Optional.empty(), TemplateKind.NONE))
                .containsExactly(EMBEDDING);
    }

    @Test
    void the_configuration_comes_first_and_its_unknown_words_are_left_out() {
        var config = config("llama", "vision", "telepathy");

        assertThat(of(config, facts(false, 0, 0), Optional.empty(), TemplateKind.NONE))
                .containsExactly(VISION, COMPLETION);
    }

    @Test
    void encoders_inside_the_weights_or_beside_them_see_and_hear() {
        assertThat(of(config("llama"), facts(false, 2, 3), Optional.empty(), TemplateKind.NONE))
                .containsExactly(COMPLETION, VISION, AUDIO);

        var projector = projector(true);
        assertThat(Capabilities.of(
                        config("llama"), facts(false, 0, 0), List.of(projector), Optional.empty(), TemplateKind.NONE))
                .containsExactly(COMPLETION, VISION, AUDIO);
        assertThat(Capabilities.of(
                        config("llama"),
                        facts(false, 0, 0),
                        List.of(projector(false)),
                        Optional.empty(),
                        TemplateKind.NONE))
                .containsExactly(COMPLETION, VISION);
    }

    @Test
    void what_a_go_template_tells_comes_behind_the_rest() {
        var traits = new GoTemplateTraits(List.of(TOOLS, THINKING), false);

        assertThat(of(config("llama"), facts(false, 0, 0), Optional.of(traits), TemplateKind.GO))
                .containsExactly(COMPLETION, TOOLS, THINKING);
    }

    @Test
    void a_jinja_template_tells_by_its_words_when_it_is_the_one_in_use() {
        var jinja = new ModelFacts(
                ModelFacts.Kind.MODEL,
                "llama",
                1,
                "F16",
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false,
                false,
                0,
                0,
                false,
                Optional.of("{{ tools }}<think></think>"));

        assertThat(of(config("llama"), jinja, Optional.empty(), TemplateKind.JINJA))
                .containsExactly(TOOLS, THINKING, COMPLETION);
        assertThat(of(config("llama"), jinja, Optional.empty(), TemplateKind.GO))
                .containsExactly(COMPLETION);
    }

    @Test
    void models_of_the_gpt_oss_family_think() {
        assertThat(of(config("gptoss"), facts(false, 0, 0), Optional.empty(), TemplateKind.NONE))
                .containsExactly(COMPLETION, THINKING);
    }

    @Test
    void splitting_at_the_end_of_thoughts_is_a_sign_of_thinking_unless_they_come_apart() {
        assertThat(new JinjaTemplate("{{ content.split('</think>') }}").capabilities())
                .containsExactly(THINKING);
        assertThat(new JinjaTemplate("{{ content.split(\"</think>\") }}{{ reasoning_content }}").capabilities())
                .isEmpty();
        assertThat(new JinjaTemplate("<think>").capabilities()).isEmpty();
        assertThat(new JinjaTemplate("tool_call").capabilities()).containsExactly(TOOLS);
    }

    @Test
    void without_a_choice_the_template_there_is_makes_the_prompts() {
        assertThat(choose(Optional.empty(), Optional.empty())).isEqualTo(TemplateKind.NONE);
        assertThat(choose(Optional.of("x"), Optional.empty())).isEqualTo(TemplateKind.JINJA);
        assertThat(choose(Optional.empty(), Optional.of(go()))).isEqualTo(TemplateKind.GO);
    }

    @Test
    void jinja_is_preferred_when_it_can_do_more() {
        assertThat(choose(Optional.of("tools"), Optional.of(go()))).isEqualTo(TemplateKind.JINJA);
        assertThat(choose(Optional.of("x"), Optional.of(go()))).isEqualTo(TemplateKind.GO);
        assertThat(choose(Optional.of("tools"), Optional.of(go(TOOLS, INSERT)))).isEqualTo(TemplateKind.GO);
        assertThat(choose(Optional.of("tools"), Optional.of(go(INSERT)))).isEqualTo(TemplateKind.GO);
    }

    @Test
    void among_equals_the_one_that_takes_results_of_tools_is_preferred() {
        var bothWays = new GoTemplateTraits(List.of(TOOLS), true);

        assertThat(choose(Optional.of(TOOLS_AND_BACK), Optional.of(go(TOOLS)))).isEqualTo(TemplateKind.JINJA);
        assertThat(choose(Optional.of(TOOLS_AND_BACK), Optional.of(bothWays))).isEqualTo(TemplateKind.GO);
        assertThat(choose(Optional.of("tools"), Optional.of(go(TOOLS)))).isEqualTo(TemplateKind.GO);
    }

    @Test
    void the_user_may_choose() {
        var jinja = Optional.of(TOOLS_AND_BACK);
        var go = Optional.of(go());

        assertThat(TemplateKind.choose(jinja, go, Optional.of(true))).isEqualTo(TemplateKind.GO);
        assertThat(TemplateKind.choose(Optional.of("x"), go, Optional.of(false)))
                .isEqualTo(TemplateKind.JINJA);
    }

    @Test
    void words_are_those_of_the_wire() {
        assertThat(Capability.ofWord("embedding")).contains(EMBEDDING);
        assertThat(Capability.ofWord("Embedding")).isEmpty();
        assertThat(Capability.values())
                .extracting(Capability::word)
                .containsExactly(
                        "completion", "tools", "insert", "vision", "embedding", "thinking", "image", "audio", "rerank");
    }

    private static TemplateKind choose(Optional<String> jinja, Optional<GoTemplateTraits> go) {
        return TemplateKind.choose(jinja, go, Optional.empty());
    }

    private static GoTemplateTraits go(Capability... capabilities) {
        return new GoTemplateTraits(List.of(capabilities), false);
    }

    private static List<Capability> of(
            ModelConfig config, ModelFacts facts, Optional<GoTemplateTraits> go, TemplateKind kind) {
        return Capabilities.of(config, facts, List.of(), go, kind);
    }

    private static ModelFacts facts(boolean pooling, long visionBlocks, long audioBlocks) {
        return new ModelFacts(
                ModelFacts.Kind.MODEL,
                "llama",
                1,
                "F16",
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                pooling,
                false,
                visionBlocks,
                audioBlocks,
                false,
                Optional.empty());
    }

    private static ModelFacts projector(boolean hears) {
        return new ModelFacts(
                ModelFacts.Kind.PROJECTOR,
                "clip",
                1,
                "F16",
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false,
                false,
                1,
                0,
                hears,
                Optional.empty());
    }

    private static ModelConfig config(String family, String... capabilities) {
        return new ModelConfig(
                "gguf",
                family,
                List.of(family),
                "1B",
                "F16",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(capabilities),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Map.of(),
                "amd64",
                "linux");
    }
}
