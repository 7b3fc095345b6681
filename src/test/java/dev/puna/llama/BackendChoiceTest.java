// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.NativeFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BackendChoiceTest {
    private static final List<BackendPlugin> PLUGINS = List.of(
            new BackendPlugin("libggml-cuda.so", 0, "no driver", false, false),
            new BackendPlugin("libggml-hip.so", 1, "", false, false),
            new BackendPlugin("libggml-cpu-zen4.so", 1, "", true, true));

    @ParameterizedTest
    @CsvSource({
        "cpu, cpu",
        "cpu_avx2, cpu",
        "CUDA, cuda",
        "cuda_v12, cuda_v12",
        "rocm, hip",
        "rocm_v6, hip",
        "vulkan, vulkan"
    })
    void the_names_of_ollama_are_understood(String library, String plugin) {
        assertThat(BackendChoice.of(Optional.of(library), Optional.empty()).plugin())
                .isEqualTo(plugin);
    }

    @Test
    void without_a_choice_there_is_any() {
        assertThat(BackendChoice.of(Optional.empty(), Optional.empty())).isEqualTo(BackendChoice.ANY);
        assertThatCode(() -> BackendChoice.ANY.require(List.of(), Path.of("/lib")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "cuda", "cuda_v13", "rocm"})
    void what_is_there_may_be_chosen_even_where_it_does_not_run(String library) {
        assertThatCode(() ->
                        BackendChoice.of(Optional.of(library), Optional.empty()).require(PLUGINS, Path.of("/lib")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vulkan", "cuda_v12", "nonsense"})
    void what_is_not_there_fails_with_what_is(String library) {
        assertThatThrownBy(() ->
                        BackendChoice.of(Optional.of(library), Optional.empty()).require(PLUGINS, Path.of("/lib")))
                .isInstanceOf(NativeFailure.class)
                .hasMessage("cannot compute with the library " + library + ": /lib has cpu, cuda_v13, rocm;"
                        + " set PUNA_LLM_LIBRARY to one of these, or unset it");
    }

    @Test
    void the_variant_of_the_cpus_library_is_in_its_name() {
        assertThat(PLUGINS.getLast().variant()).isEqualTo("zen4");
        assertThat(PLUGINS.getLast().onCpu()).isTrue();
        assertThat(new BackendPlugin("libggml-cpu.so", 1, "", true, true).variant())
                .isEmpty();
        assertThat(PLUGINS.getFirst().variant()).isEmpty();
        assertThat(PLUGINS.getFirst().works()).isFalse();
    }
}
