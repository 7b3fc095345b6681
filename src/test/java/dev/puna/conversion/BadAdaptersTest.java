// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.conversion.TinySafetensors.Described;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.GgufValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with an adapter is said by the name of the key or the tensor, and scales that llama.cpp does not know come out right. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadAdaptersTest {
    private static final String QUERY = "base_model.model.model.layers.0.self_attn.q_proj";
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    @TempDir
    private Path folder;

    private Map<String, GgufValue> base = Map.of();
    private Path adapter = Path.of("");

    @BeforeEach
    void write() {
        var model = new ConversionCase("llama-3.2");
        try (var conversion = Conversion.open(ModelFiles.of(model.writeBelow(folder)))) {
            base = conversion.metadata();
        }
        adapter = model.writeAdapterBelow(folder);
    }

    @Test
    void an_adapter_as_it_is_written_is_taken() {
        assertThat(result()).isEqualTo("12.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"use_dora\": true | use_dora",
                "\"modules_to_save\": [\"lm_head\"] | lm_head",
                "\"bias\": \"all\" | bias",
                "\"lora_bias\": true | lora_bias",
                "\"target_parameters\": [\"mlp.experts.down_proj\"] | target_parameters",
                "\"layer_replication\": [[0, 2], [1, 2]] | layer_replication",
                "\"trainable_token_indices\": [1] | trainable_token_indices",
                "\"alora_invocation_tokens\": [1, 2] | alora_invocation_tokens",
                "\"init_lora_weights\": \"pissa_niter_4\" | pissa",
                "\"peft_type\": \"LOHA\" | peft_type",
                "\"lora_alpha\": null | lora_alpha",
                "\"lora_alpha\": 0 | lora_alpha",
                "\"lora_alpha\": \"much\" | lora_alpha",
                "\"r\": 0 | 'r'",
                "\"r\": 8 | rank 4",
                "\"alpha_pattern\": {\".*q_proj\": 2} | alpha_pattern",
                "\"use_rslora\": 7 | use_rslora"
            })
    void what_no_product_of_two_matrices_can_do_is_refused(String entry, String named) throws IOException {
        config(entry);

        assertThat(result()).contains(named);
    }

    @Test
    void nulls_and_empty_values_mean_nothing() throws IOException {
        config(
                "\"modules_to_save\": null, \"use_dora\": false, \"rank_pattern\": {}, \"alpha_pattern\": {}, \"bias\": \"none\"");

        assertThat(result()).isEqualTo("12.0");
    }

    @Test
    void the_scale_of_rslora_is_expressed_by_alpha() throws IOException {
        config("\"use_rslora\": true");

        // 24 / 4 is 12 / sqrt(4)
        assertThat(result()).isEqualTo("24.0");
    }

    @Test
    void a_rank_of_nothing_is_refused() throws IOException {
        config("\"rank_pattern\": {\"q_proj\": 0}");
        tensors(matrix(QUERY + ".lora_A.weight", 0, 64), matrix(QUERY + ".lora_B.weight", 64, 0));

        assertThat(result()).contains("q_proj").contains("rank 0");
    }

    @Test
    void a_missing_file_is_named() throws IOException {
        Files.delete(adapter.resolve(CONFIG));
        assertThat(result()).contains(CONFIG);

        config("\"bias\": \"none\"");
        Files.delete(adapter.resolve(WEIGHTS));
        assertThat(result()).contains(WEIGHTS);
    }

    @Test
    void matrices_that_are_alone_or_differ_in_rank_are_refused() throws IOException {
        tensors(matrix(QUERY + ".lora_A.weight", 4, 64));
        assertThat(result()).contains("q_proj").contains("without lora_B");

        tensors(matrix(QUERY + ".lora_B.weight", 64, 4));
        assertThat(result()).contains("q_proj").contains("without lora_A");

        tensors(matrix(QUERY + ".lora_A.weight", 4, 64), matrix(QUERY + ".lora_B.weight", 64, 8));
        assertThat(result()).contains("ranks 4 and 8");

        tensors(
                new Described(QUERY + ".lora_A.weight", "F32", List.of(4L, 64L, 1L)),
                matrix(QUERY + ".lora_B.weight", 64, 4));
        assertThat(result()).contains("[4, 64, 1]");

        tensors(matrix(QUERY + ".lora_A.weight", 4, 64), matrix(QUERY + ".lora_B.weight", 30, 4));
        assertThat(result()).contains("30 rows");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base_model.model.model.layers.7.self_attn.q_proj",
                "base_model.model.transformer.h.0.attn.unknown",
                "base_model.model.model.embed_tokens"
            })
    void tensors_of_another_model_are_refused(String module) throws IOException {
        tensors(matrix(module + ".lora_A.weight", 4, 64), matrix(module + ".lora_B.weight", 64, 4));

        assertThat(result()).contains(module.endsWith("embed_tokens") ? "token_embd" : module.substring(17));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".lora_magnitude_vector",
                ".lora_B.bias",
                ".modules_to_save.weight",
                ".weight",
                ".lora_A.default.weight"
            })
    void tensors_that_are_of_no_pair_are_refused(String ending) throws IOException {
        tensors(
                matrix(QUERY + ".lora_A.weight", 4, 64),
                matrix(QUERY + ".lora_B.weight", 64, 4),
                matrix(QUERY + ending, 64, 4));

        assertThat(result()).contains(QUERY + ending);
    }

    @Test
    void embeddings_become_rows_of_a() throws IOException {
        var module = "base_model.model.model.embed_tokens";
        tensors(matrix(module + ".lora_embedding_A", 4, 320), matrix(module + ".lora_embedding_B", 64, 4));

        try (var conversion = Conversion.openAdapter(ModelFiles.of(adapter), base)) {
            assertThat(GgufDump.of(ConversionCase.written(conversion)))
                    .anyMatch(line -> line.startsWith("tensor token_embd.weight.lora_a F32 4x320 "))
                    .anyMatch(line -> line.startsWith("tensor token_embd.weight.lora_b F32 4x64 "));
        }
    }

    @Test
    void an_architecture_that_is_not_known_is_named() {
        base = Map.of("general.architecture", new GgufValue.Text("rwkv7"));

        assertThat(result()).contains("rwkv7").contains("convert_lora_to_gguf.py");
    }

    @Test
    void ranks_and_alphas_of_single_modules_count() throws IOException {
        tensors(matrix(QUERY + ".lora_A.weight", 8, 64), matrix(QUERY + ".lora_B.weight", 64, 8));
        config("\"rank_pattern\": {\"q_proj\": 8}");
        var plain = left();
        config("\"rank_pattern\": {\"q_proj\": 8}, \"alpha_pattern\": {\"self_attn.q_proj\": 6}");
        var halved = left();

        assertThat(result()).isEqualTo("12.0");
        assertThat(plain).hasSize(512);
        for (var index = 0; index < plain.length; index++) {
            assertThat(halved[index]).isEqualTo(plain[index] / 2);
        }
    }

    /** What the file has as B. */
    private float[] left() {
        try (var conversion = Conversion.openAdapter(ModelFiles.of(adapter), base)) {
            var bytes = ConversionCase.written(conversion);
            var floats = new float[512];
            ByteBuffer.wrap(bytes, bytes.length - 2048, 2048)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(floats);
            return floats;
        }
    }

    private static Described matrix(String name, long rows, long columns) {
        return new Described(name, "F32", List.of(rows, columns));
    }

    private void tensors(Described... tensors) throws IOException {
        TinySafetensors.write(adapter.resolve(WEIGHTS), List.of(tensors));
    }

    private void config(String entries) throws IOException {
        var defaults = new LinkedHashMap<String, String>();
        defaults.put("peft_type", "\"LORA\"");
        defaults.put("r", "4");
        defaults.put("lora_alpha", "12");
        var text = new StringBuilder("{");
        defaults.forEach((key, value) -> {
            if (!entries.startsWith("\"" + key + "\"")) {
                text.append('"').append(key).append("\": ").append(value).append(", ");
            }
        });
        Files.writeString(adapter.resolve(CONFIG), text.append(entries).append('}'));
    }

    /** The alpha of what is written, or what is said instead. */
    private String result() {
        try (var conversion = Conversion.openAdapter(ModelFiles.of(adapter), base)) {
            return conversion.metadata().get("adapter.lora.alpha") instanceof GgufValue.Real(var _, var alpha)
                    ? Double.toString(alpha)
                    : "no alpha";
        } catch (InvalidRequest refused) {
            return refused.text();
        }
    }
}
