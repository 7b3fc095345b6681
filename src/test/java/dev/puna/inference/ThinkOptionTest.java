// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Thinking;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.capability.ThinkingControls;
import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import dev.puna.support.TinyModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ThinkOptionTest {
    private static final String HARMONY = "<|start|>{{ .Prompt }}<|end|>";

    @TempDir
    Path folder;

    @Test
    void values_are_known_for_models_of_built_in_formats_alone() {
        assertThat(controls("llama", "", "G {{ .Prompt }}", true)).isEmpty();
        assertThat(controls("gptoss", "", "G {{ .Prompt }}", true)).isEmpty();
        assertThat(values("gptoss", "", HARMONY, true)).containsExactly("low", "medium", "high");
        assertThat(values("gemma4", "gemma4", "", true)).containsExactly(false, true);
        assertThat(values("qwen3moe", "qwen3-coder", "", false)).containsExactly(false);
        assertThat(values("qwen35", "qwen3.8", "", true)).containsExactly(false, "low", "medium", "xhigh");
        assertThat(controls("llama", "made-up", "", true)).isEmpty();
    }

    @Test
    void a_name_that_a_model_of_a_built_in_format_does_not_have_means_its_usual_value() {
        var gemma = controls("gemma4", "gemma4", "", true);
        assertThat(think("'ultra'").resolved(gemma)).isEqualTo(Thinking.ON);
        assertThat(think("'high'").resolved(gemma)).isEqualTo(Thinking.ON);
        assertThat(think("''").resolved(gemma)).isEqualTo(Thinking.ON);
        assertThat(think("false").resolved(gemma)).isEqualTo(Thinking.OFF);

        var qwen = controls("qwen35", "qwen3.8", "", true);
        assertThat(think("'low'").resolved(qwen)).isEqualTo(Thinking.LOW);
        assertThat(think("'max'").resolved(qwen)).isEqualTo(Thinking.XHIGH);

        var coder = controls("qwen3moe", "qwen3-coder", "", false);
        assertThat(think("'high'").resolved(coder)).isEqualTo(Thinking.OFF);
        assertThat(think("true").resolved(coder)).isEqualTo(Thinking.ON);
    }

    @Test
    void other_names_are_refused_where_a_model_only_has_a_template_or_speaks_harmony() {
        var text = "invalid think value: \"ultra\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)";
        for (var controls : List.of(Optional.<ThinkingControls>empty(), controls("gptoss", "", HARMONY, true))) {
            assertThatThrownBy(() -> think("'ultra'").resolved(controls))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage(text);
            assertThat(think("'max'").resolved(controls)).isEqualTo(Thinking.MAX);
        }
    }

    @Test
    void what_is_neither_truth_nor_text_is_refused_with_the_values_there_are() {
        var text = "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)";
        assertThatThrownBy(() -> think("5").resolved(Optional.empty())).hasMessage(text);
        assertThatThrownBy(() -> think("[]").resolved(controls("gptoss", "", HARMONY, true)))
                .hasMessage(text + "; supported values: [\"low\",\"medium\",\"high\"]");
        assertThatThrownBy(() -> think("{}").resolved(controls("gemma4", "gemma4", "", true)))
                .hasMessage(text + "; supported values: [false,true]");
    }

    private List<Object> values(String family, String renderer, String template, boolean thinks) {
        return controls(family, renderer, template, thinks).orElseThrow().plainValues();
    }

    private Optional<ThinkingControls> controls(String family, String renderer, String template, boolean thinks) {
        var store = ModelStore.open(folder);
        new TinyModels(store).create("m", family, Map.of(), draft -> {
            if (!renderer.isEmpty()) {
                draft.renderer(renderer);
            }
            if (!template.isEmpty()) {
                draft.template(template);
            }
        });
        var model = store.find(ModelName.parse("m")).orElseThrow();
        return ThinkingControls.of(model.config(), model.template(), thinks);
    }

    private static ThinkOption think(String value) {
        return switch (value) {
            case "true" -> new ThinkOption.Plain(Thinking.ON);
            case "false" -> new ThinkOption.Plain(Thinking.OFF);
            case String name when name.startsWith("'") -> new ThinkOption.Named(name.substring(1, name.length() - 1));
            default -> new ThinkOption.Unreadable();
        };
    }
}
