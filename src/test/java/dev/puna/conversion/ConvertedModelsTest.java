// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiny models of every architecture become the files that llama.cpp's converter makes of them, byte for byte. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConvertedModelsTest {
    /** Names of models that differ from those of a case in nothing but the name. */
    private static final Set<String> OTHER_SPELLINGS = Set.of(
            "ChatGLMForConditionalGeneration",
            "Ernie4_5_ForCausalLM",
            "IQuestCoderForCausalLM",
            "LFM2ForCausalLM",
            "LLaMAForCausalLM",
            "MambaLMHeadModel",
            "OLMoForCausalLM",
            "Qwen2VLModel",
            "Qwen3_5MoeForCausalLM",
            "RWForCausalLM",
            "StableLMEpochForCausalLM",
            "VLlama3ForCausalLM");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("cases")
    void a_model_becomes_the_file_of_the_converter(ConversionCase model) throws IOException {
        assumeTrue(
                Conversion.architectures().contains(model.architecture()), "not written yet: " + model.architecture());

        try (var conversion = Conversion.open(ModelFiles.of(model.writeBelow(directory)))) {
            var file = ConversionCase.written(conversion);

            assertThat(lines(GgufDump.of(file).stream(), "key ")).isEqualTo(lines(model.expected().stream(), "key "));
            assertThat(lines(GgufDump.of(file).stream(), "tensor "))
                    .isEqualTo(lines(model.expected().stream(), "tensor "));
            assertThat(GgufDump.of(file)).isEqualTo(model.expected());
            assertThat(conversion.size()).isEqualTo(file.length);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_architecture_that_is_not_written_yet_is_named(ConversionCase model) throws IOException {
        assumeTrue(!Conversion.architectures().contains(model.architecture()), "written: " + model.architecture());
        var files = ModelFiles.of(model.writeBelow(directory));

        assertThat(refusal(files)).contains(model.architecture()).contains("LlamaForCausalLM");
    }

    @Test
    void every_architecture_that_is_written_has_a_case() {
        var cases = ConversionCase.all().map(ConvertedModelsTest::architecture).collect(Collectors.toSet());
        assertThat(cases).hasSizeGreaterThan(50);
        cases.addAll(OTHER_SPELLINGS);

        assertThat(cases).containsAll(Conversion.architectures());
    }

    private static Stream<ConversionCase> cases() {
        return ConversionCase.all();
    }

    private static String refusal(ModelFiles files) {
        try (var conversion = Conversion.open(files)) {
            return "converted as " + conversion.architecture();
        } catch (InvalidRequest refused) {
            return refused.text();
        }
    }

    private static String architecture(ConversionCase model) {
        try {
            return model.architecture();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String lines(Stream<String> dump, String kind) {
        return dump.filter(line -> line.startsWith(kind)).collect(Collectors.joining("\n"));
    }
}
