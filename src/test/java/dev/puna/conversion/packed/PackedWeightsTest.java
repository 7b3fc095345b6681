// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.packed;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.conversion.ConversionCase;
import dev.puna.conversion.safetensors.Weights;
import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tensor.ElementType;
import dev.puna.conversion.tensor.StoredTensor;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Packed weights read in pieces, what few of them mean worked out by hand, and what cannot be unpacked. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PackedWeightsTest {
    private static final ModelFiles NOTHING = ModelFiles.of(Map.of());

    @TempDir
    private Path directory;

    private static Stream<ConversionCase> packed() {
        return ConversionCase.all().filter(model -> model.name().startsWith("packed-"));
    }

    @ParameterizedTest
    @MethodSource("packed")
    void whatever_piece_is_read_is_that_of_the_whole(ConversionCase model) {
        var files = ModelFiles.of(model.writeBelow(directory));
        try (var weights = Weights.open(files)) {
            var unpacked = PackedWeights.unpacked(Config.read(files, "config.json"), files, weights.tensors());
            assertThat(unpacked).hasSize(12).allSatisfy((name, _) -> assertThat(name)
                    .endsWith(".weight"));
            var random = new Random(model.name().hashCode());
            unpacked.forEach((name, tensor) -> {
                var whole = tensor.floats();
                for (var piece = 0; piece < 20; piece++) {
                    var first = random.nextInt(whole.length);
                    var part = new float[random.nextInt(Math.min(300, whole.length - first)) + 3];
                    tensor.read(first, part, 2, part.length - 2);
                    for (var index = 2; index < part.length; index++) {
                        assertThat(part[index]).as(name).isEqualTo(whole[first + index - 2]);
                    }
                }
            });
        }
    }

    @Test
    void scales_of_fp8_are_of_all_of_rows_or_of_blocks() {
        var weight = bytes(ElementType.F8_E4M3, 2, 3).with(0x38, 0x40, 0x44, 0xb8, 0, 0x30); // 1 2 3 -1 0 0.5

        assertThat(fp8(weight, "weight_scale", Tensor.of(new float[] {4}))).containsExactly(4, 8, 12, -4, 0, 2);
        assertThat(fp8(weight, "weight_scale", Tensor.of(new float[] {4, 8}, 2, 1)))
                .containsExactly(4, 8, 12, -8, 0, 4);
        assertThat(fp8(weight, "weight_scale", Tensor.of(new float[] {4, 8}, 2)))
                .containsExactly(4, 8, 12, -8, 0, 4);
        assertThat(fp8(weight, "weight_scale_inv", Tensor.of(new float[] {4, 8}, 1, 2)))
                .containsExactly(4, 8, 24, -4, 0, 4);
    }

    private static float[] fp8(Tensor weight, String name, Tensor scale) {
        var blocks = name.endsWith("inv") ? ",\"weight_block_size\":[2,2]" : "";
        var tensors = Map.of("a.weight", weight, "a." + name, scale, "a.input_scale", scale);
        var result = unpacked("{\"quant_method\":\"fp8\"" + blocks + "}", tensors);
        assertThat(result).containsOnlyKeys("a.weight");
        return requireNonNull(result.get("a.weight")).floats();
    }

    @Test
    void columns_of_compressed_tensors_may_be_of_any_group_and_rows_of_one() {
        var codes = words(1, 1).with(0x76543210);
        var shape = words(2).with(1, 8);
        var tensors = new LinkedHashMap<String, Tensor>(Map.of("a.weight_packed", codes, "a.weight_shape", shape));
        tensors.put("a.weight_scale", Tensor.of(new float[] {1, 10}, 1, 2));
        tensors.put("a.weight_g_idx", words(8).with(0, 1, 0, 1, 1, 1, 1, 0));
        assertThat(compressed("\"group_size\":4", tensors)).containsExactly(-8, -70, -6, -50, -40, -30, -20, -1);

        tensors.remove("a.weight_g_idx");
        assertThat(compressed("\"group_size\":4", tensors)).containsExactly(-8, -7, -6, -5, -40, -30, -20, -10);

        tensors.put("a.weight_scale", Tensor.of(new float[] {2}, 1, 1));
        assertThat(compressed("\"group_size\":null", tensors)).containsExactly(-16, -14, -12, -10, -8, -6, -4, -2);
    }

    private static float[] compressed(String group, Map<String, Tensor> tensors) {
        var weights = "{\"num_bits\":4,\"type\":\"int\"," + group + "}";
        var settings =
                "{\"quant_method\":\"compressed-tensors\",\"format\":\"pack-quantized\",\"config_groups\":{\"g\":{\"weights\":"
                        + weights + "}}}";
        return requireNonNull(unpacked(settings, tensors).get("a.weight")).floats();
    }

    @Test
    void a_row_of_a_group_that_is_not_there_is_refused() {
        var tensors = gptq();
        tensors.put("a.g_idx", words(8).with(0, 0, 0, 0, 0, 0, 0, 1));
        var weight = requireNonNull(
                unpacked("{\"quant_method\":\"gptq\",\"bits\":4}", tensors).get("a.weight"));

        assertThatThrownBy(weight::floats)
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("row 7 is of the group 1 of 1");
    }

    private static Map<String, Tensor> gptq() {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("a.qweight", words(1, 8));
        tensors.put("a.qzeros", words(1, 1));
        tensors.put("a.scales", Tensor.of(new float[8], 1, 8));
        return tensors;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"quant_method":"hqq"}                            | 'quant_method' is 'hqq'; take the model in 16 bits
            {"quant_method":"gptq","bits":5}                  | 'bits' is '5'
            {"quant_method":"awq","bits":8}                   | 'bits' is '8'
            {"quant_method":"awq","version":"gemv"}           | 'version' is 'gemv'
            {"quant_method":"gptq","checkpoint_format":"m"}   | 'checkpoint_format' is 'm'
            {"quant_method":"auto-round"}                     | 'packing_format' is ''
            {"quant_method":"compressed-tensors"}             | 'config_groups' is '0 groups'
            {"quant_method":"awq"}                            | a.qweight cannot be unpacked
            {"quant_method":"gptq","bits":8}                  | a.qweight cannot be unpacked
            {"config_groups":{"a":{}},"format":"marlin-24"}   | 'format' is 'marlin-24'
            {"quant_method":"gptq","bits":"4"}                | 'bits' must be a whole number
            """)
    void what_cannot_be_unpacked_is_named(String settings, String message) {
        assertThatThrownBy(() -> unpacked(settings, gptq()))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"a.qzeros, lack the tensor a.qzeros", "a.scales, lack the tensor a.scales"})
    void a_tensor_that_is_missing_is_named(String name, String message) {
        var tensors = gptq();
        tensors.remove(name);

        assertThatThrownBy(() -> unpacked("{\"quant_method\":\"gptq\",\"bits\":4}", tensors))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_state_of_bitsandbytes_that_does_not_fit_is_refused() {
        for (var state : List.of(
                "{\"blocksize\":4,\"shape\":[4,5]}",
                "{\"blocksize\":0,\"shape\":[4,4]}",
                "{\"blocksize\":4,\"shape\":[4,4294967297,4294967297]}",
                "{\"blocksize\":4,\"shape\":[0]}",
                "{\"blocksize\":4,\"shape\":[-4,-4]}",
                "{\"blocksize\":4,\"shape\":[]}",
                "{\"shape\":[4,4]}",
                "[]")) {
            var json = state.getBytes(StandardCharsets.UTF_8);
            var tensors = new LinkedHashMap<String, Tensor>();
            tensors.put("a.weight", bytes(ElementType.U8, 8, 1));
            tensors.put("a.weight.absmax", Tensor.of(new float[4], 4));
            tensors.put("a.weight.quant_map", Tensor.of(new float[16], 16));
            tensors.put(
                    "a.weight.quant_state.bitsandbytes__nf4",
                    new StoredTensor(
                            (at, into) -> into.put(json, (int) at, into.remaining()), 0, ElementType.U8, List.of((long)
                                    json.length)));

            assertThatThrownBy(() -> unpacked("{\"quant_method\":\"bitsandbytes\"}", tensors))
                    .as(state)
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("a.weight");
        }
    }

    @Test
    void what_is_not_packed_stays_and_blocks_of_gpt_oss_too() {
        var tensors = Map.of("a.weight", Tensor.of(new float[1]), "a_blocks", words(1, 1));

        assertThat(unpacked("{\"quant_method\":\"mxfp4\"}", tensors)).isEqualTo(tensors);
        assertThat(unpacked("{}", tensors)).isEqualTo(tensors);
        assertThat(unpacked("{\"quant_method\":\"gptq\",\"bits\":4}", tensors)).isEqualTo(tensors);
    }

    private static Map<String, Tensor> unpacked(String settings, Map<String, Tensor> tensors) {
        var json = Json.object("settings", settings.getBytes(StandardCharsets.UTF_8));
        return PackedWeights.unpacked(new Config("config.json", Map.of("quantization_config", json)), NOTHING, tensors);
    }

    private static Filled words(long... shape) {
        return new Filled(ElementType.I32, shape);
    }

    private static Filled bytes(ElementType type, long... shape) {
        return new Filled(type, shape);
    }

    /** Stored elements; zeros at first. */
    private static final class Filled implements Tensor {
        private final ByteBuffer content;
        private final StoredTensor tensor;

        Filled(ElementType type, long... shape) {
            var sizes = Arrays.stream(shape).boxed().toList();
            var elements = sizes.stream().reduce(1L, (one, other) -> one * other);
            content = ByteBuffer.allocate((int) (elements * type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
            tensor = new StoredTensor(
                    (at, into) -> into.put(content.array(), (int) at, into.remaining()), 0, type, sizes);
        }

        Filled with(int... values) {
            for (var value : values) {
                if (type().bytes() == 1) {
                    content.put((byte) value);
                } else {
                    content.putInt(value);
                }
            }
            return this;
        }

        @Override
        public ElementType type() {
            return tensor.type();
        }

        @Override
        public List<Long> shape() {
            return tensor.shape();
        }

        @Override
        public boolean stored() {
            return true;
        }

        @Override
        public void copy(long first, int count, ByteBuffer into) {
            tensor.copy(first, count, into);
        }

        @Override
        public void read(long first, float[] into, int at, int count) {
            tensor.read(first, into, at, count);
        }
    }
}
