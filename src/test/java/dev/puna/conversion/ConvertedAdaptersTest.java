// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.AdapterChecks;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of tiny models of every architecture become the files that llama.cpp's script makes of them, byte for byte. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConvertedAdaptersTest {
    private static final Path RECORDED = ConversionCase.CASES.resolve("adapters");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("cases")
    void an_adapter_becomes_the_file_of_the_script(ConversionCase model) throws IOException {
        assumeTrue(
                Conversion.architectures().contains(model.architecture()), "not written yet: " + model.architecture());
        var base = base(model);
        var adapter = written(model, base);

        assertThat(GgufDump.of(adapter)).isEqualTo(Files.readAllLines(RECORDED.resolve(model.name() + ".txt")));
        assertThatNoException().isThrownBy(() -> AdapterChecks.check(read("adapter.gguf", adapter), List.of(base)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"granitehybrid", "nomic-bert", "nomic-bert-moe"})
    void models_whose_gguf_does_not_say_enough_are_refused_by_name(String name) throws IOException {
        var model = new ConversionCase(name);
        var base = base(model);

        assertThatThrownBy(() -> written(model, base))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("architecture " + name + " cannot be converted");
    }

    @Test
    void the_most_used_architectures_are_recorded() {
        assertThat(cases().map(ConversionCase::name))
                .hasSizeGreaterThan(40)
                .contains("llama-3.2", "qwen2", "gemma3-1b", "mixtral", "phi3", "falcon-7b");
    }

    /** The script turns the matrices of GPT-2, whose weights are stored turned, where they were the right way already. */
    @Test
    void an_adapter_of_turned_weights_fits_them() throws IOException {
        var model = new ConversionCase("gpt2");
        var base = base(model);
        var folder = directory.resolve("gpt2-lora");
        TinySafetensors.writeAdapter(ConversionCase.CASES, "gpt2", folder);
        turned(folder);

        try (var conversion = Conversion.openAdapter(ModelFiles.of(folder), base.metadata())) {
            var adapter = read("adapter.gguf", ConversionCase.written(conversion));

            assertThatNoException().isThrownBy(() -> AdapterChecks.check(adapter, List.of(base)));
            assertThat(adapter.tensors()).anyMatch(tensor -> tensor.name().equals("blk.0.attn_qkv.weight.lora_a"));
        }
    }

    private static void turned(Path folder) throws IOException {
        var config = folder.resolve("adapter_config.json");
        Files.writeString(config, Files.readString(config).replace("\"r\"", "\"fan_in_fan_out\": true, \"r\""));
        // TinySafetensors has A as wide as the stored weight, which has inputs as rows.
        var weights = new ArrayList<TinySafetensors.Described>();
        var described = TinySafetensors.tensors(ConversionCase.CASES.resolve("gpt2/tensors.txt"));
        for (var tensor : requireNonNull(described.get("model.safetensors"))) {
            if (tensor.name().endsWith(".c_attn.weight")) {
                var module = "base_model.model." + tensor.name().replace(".weight", "");
                weights.add(new TinySafetensors.Described(
                        module + ".lora_A.weight",
                        "F32",
                        List.of(4L, tensor.shape().get(0))));
                weights.add(new TinySafetensors.Described(
                        module + ".lora_B.weight", "F32", List.of(tensor.shape().get(1), 4L)));
            }
        }
        TinySafetensors.write(folder.resolve("adapter_model.safetensors"), weights);
    }

    private static Stream<ConversionCase> cases() {
        return ConversionCase.all().filter(model -> Files.exists(RECORDED.resolve(model.name() + ".txt")));
    }

    private GgufFile base(ConversionCase model) throws IOException {
        try (var conversion = Conversion.open(ModelFiles.of(model.writeBelow(directory)))) {
            return read("base.gguf", ConversionCase.written(conversion));
        }
    }

    private byte[] written(ConversionCase model, GgufFile base) {
        var folder = directory.resolve(model.name() + "-lora");
        TinySafetensors.writeAdapter(ConversionCase.CASES, model.name(), folder);
        try (var conversion = Conversion.openAdapter(ModelFiles.of(folder), base.metadata())) {
            var bytes = ConversionCase.written(conversion);
            assertThat(conversion.size()).isEqualTo(bytes.length);
            return bytes;
        }
    }

    private GgufFile read(String name, byte[] bytes) throws IOException {
        return Gguf.read(Files.write(directory.resolve(name), bytes));
    }
}
