// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FileNameTest {
    @ParameterizedTest
    @CsvSource({
        "SmolLM2-135M-Instruct.Q4_1.gguf, SmolLM2-135M-Instruct:Q4_1",
        "gemma-3-270m-q4_k_m.gguf, gemma-3-270m:q4_k_m",
        "Qwen3-0.6B-UD-IQ2_XXS.gguf, Qwen3-0.6B:UD-IQ2_XXS",
        "gpt-oss-20b-MXFP4.GGUF, gpt-oss-20b:MXFP4",
        "all-minilm-l6-v2-f16.gguf, all-minilm-l6-v2:f16",
        "llama-2-7b-BF16-00001-of-00003.gguf, llama-2-7b:BF16",
        "plain.gguf, plain:latest",
        "Q8_0.gguf, model:Q8_0",
        "Seq2Seq.gguf, Seq2Seq:latest",
        "my model (v2).gguf, my-model-v2-:latest",
        "-.gguf, model:latest",
        ".hidden.gguf, hidden:latest"
    })
    void a_name_is_the_file_s_and_its_quantisation_is_the_tag(String file, String name) {
        assertThat(FileName.of(file).orElseThrow().modelName()).hasToString(name);
    }

    @Test
    void a_long_name_is_cut() {
        var name = FileName.of("x".repeat(240) + "-Q4_0.gguf").orElseThrow().modelName();

        assertThat(name).hasToString("x".repeat(80) + ":Q4_0");
    }

    @Test
    void a_tag_that_is_taken_gets_a_number_and_stays_short_enough() {
        var name =
                FileName.of("a-Q4_" + "K".repeat(100) + ".gguf").orElseThrow().modelName();

        assertThat(FileName.numbered(name, 12).tag()).hasSize(80).endsWith("K-12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmproj-F16.gguf", "gemma-3-4b-it-mmproj-BF16.gguf", "MMPROJ-model.gguf"})
    void projectors_are_known_by_their_names(String file) {
        assertThat(FileName.of(file).orElseThrow().projector()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "model.gguf.part", "model.safetensors", "gguf"})
    void other_files_say_nothing(String file) {
        assertThat(FileName.of(file)).isEmpty();
    }
}
