// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.FileType;
import dev.puna.model.WeightRules;
import dev.puna.support.QuantizableGguf;
import dev.puna.support.TestGguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WeightPlansTest {
    @TempDir
    Path folder;

    @Test
    void a_plan_tells_the_library_what_was_asked_for() throws IOException {
        var plan = WeightPlans.of(
                "IQ2_XS",
                new WeightRules("mine", List.of("Attn_V=q8_0", "ffn=iq3_xxs"), "Q6_k", "bf16", true),
                Optional.of(written(QuantizableGguf.matrix().toArray())));

        assertThat(plan.fileType()).isEqualTo(20);
        assertThat(plan.details().lines())
                .startsWith(
                        "pure",
                        "output Q6_K",
                        "embedding BF16",
                        "rule Q8_0 attn_v",
                        "rule IQ3_XXS ffn",
                        "matrix " + folder.resolve("matrix"),
                        "name mine",
                        "dataset text.txt",
                        "chunks 3")
                .contains("entry 1152 256 1 192 blk.0.attn_k.weight")
                .hasSize(16);
    }

    /** Sizes within a type and mixtures apart. */
    @Test
    void types_of_files_are_those_of_tensors_and_of_converted_files() {
        var tensors = Arrays.stream(TensorType.values()).map(TensorType::name).toList();

        for (var type : FileType.targets()) {
            var name = tensors.contains(type) ? type : type.substring(0, type.lastIndexOf('_'));
            assertThat(tensors.contains(name) || tensors.contains(name + "_S"))
                    .as(type)
                    .isTrue();
        }
        for (var type : dev.puna.conversion.architecture.FileType.values()) {
            assertThat(FileType.name(type.code())).isEqualTo(type.name());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M", "IQ3_XXS", "Q2_K_S"})
    void some_types_need_a_matrix(String type) {
        assertThatThrownBy(() -> WeightPlans.of(type, WeightRules.NONE, Optional.empty()))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(type + " needs an importance matrix: give one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"q8_k", "q4_k_m", "i32", "nvfp4", "q9"})
    void not_every_type_is_one_of_tensors(String type) {
        assertThatThrownBy(() -> WeightPlans.of(
                        "Q4_0", new WeightRules("", List.of("attn=" + type), "", "", false), Optional.empty()))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("unsupported tensor type " + type + " - supported types are F32, F16, Q4_0,");
    }

    @Test
    void a_rule_may_need_a_matrix_too() {
        assertThatThrownBy(() -> WeightPlans.of(
                        "Q4_0", new WeightRules("", List.of("attn=iq2_s"), "", "", false), Optional.empty()))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("IQ2_S needs an importance matrix");
    }

    @ParameterizedTest
    @CsvSource({
        "attn, is malformed: write NAME=TYPE",
        "=q8_0, is malformed: write NAME=TYPE",
        "attn=, is malformed: write NAME=TYPE",
        "a{9}=q8_0, has braces: write out what is to be repeated"
    })
    void a_rule_that_is_none_is_refused(String rule, String reason) {
        assertThatThrownBy(() -> new WeightRules("", List.of(rule), "", "", false))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("tensor type '" + rule + "' " + reason);
    }

    @Test
    void rules_have_bounds() {
        assertThatThrownBy(() -> new WeightRules("", Collections.nCopies(1025, "a=q8_0"), "", "", false))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("too many rules for tensor types: 1025 (at most 1024)");
        assertThatThrownBy(() -> new WeightRules("", List.of("a".repeat(300) + "=q8_0"), "", "", false))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("is too long: 305 characters (at most 256)");
        assertThatThrownBy(() -> new WeightRules("", List.of("a\nmatrix /etc/x=q8_0"), "", "", false))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("control character");
    }

    @Test
    void a_gguf_that_is_no_matrix_is_refused() {
        refused(QuantizableGguf.llama().toArray(), "it has no imatrix.datasets");
        refused(metadata().toArray(), "it has no entries");
        refused(metadata().tensor("a.in_sum2", new long[] {4}, 1, 1, 1, 1).toArray(), "a has sums and no counts");
        refused(metadata().tensor("a.counts", new long[] {1}, 1).toArray(), "a has counts and no sums");
        refused(entry(3, 2, 1).toArray(), "a has 3 sums and 2 counts");
        refused(entry(4, 1, Float.NaN).toArray(), "a was counted NaN times");
        refused(entry(4, 1, Float.POSITIVE_INFINITY).toArray(), "a was counted Infinity times");
        refused(
                metadata()
                        .tensor("a.in_sum2", TensorType.F16, 4)
                        .tensor("a.counts", new long[] {1}, 1)
                        .toArray(),
                "sums and counts of a are not F32");
    }

    @Test
    void a_list_that_is_no_matrix_is_refused() {
        refused(new byte[3], "neither a GGUF nor of the older form");
        refused(ints(0), "neither a GGUF nor of the older form");
        refused(ints(Integer.MAX_VALUE), "neither a GGUF nor of the older form");
        refused(ints(1, -1), "a length in it is -1");
        refused(ints(1, 4, 'a', 1, 0), "a length in it is 0");
        refused(ints(1, 4, 10, 1, 1, 0), "a name has a control character");
    }

    /** Whatever is cut off or changed, the reader says so or takes it: no other exception, no memory beyond the file's. */
    @Test
    void damaged_matrices_are_refused_or_read() throws IOException {
        var random = new Random(5);
        for (var whole : List.of(QuantizableGguf.matrix().toArray(), QuantizableGguf.oldMatrix())) {
            for (var trial = 0; trial < 500; trial++) {
                var bytes = Arrays.copyOf(whole, trial % 2 == 0 ? random.nextInt(whole.length) : whole.length);
                for (var change = 0; change < 3 && bytes.length > 0; change++) {
                    bytes[random.nextInt(Math.min(bytes.length, 900))] = (byte) random.nextInt();
                }
                var file = written(bytes);
                try {
                    assertThat(WeightPlans.of("Q4_0", WeightRules.NONE, Optional.of(file))
                                    .details())
                            .startsWith("matrix ");
                } catch (InvalidRequest refused) {
                    assertThat(refused).hasMessageMatching("(?s).+");
                }
            }
        }
    }

    private void refused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> WeightPlans.of(
                        "Q4_0", new WeightRules("mine", List.of(), "", "", false), Optional.of(written(bytes))))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("the importance matrix mine cannot be used: ")
                .hasMessageContaining(reason);
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("matrix"), bytes);
    }

    private static TestGguf metadata() {
        return new TestGguf()
                .texts("imatrix.datasets", List.of())
                .uint32("imatrix.chunk_count", 1)
                .uint32("imatrix.chunk_size", 8);
    }

    private static TestGguf entry(int sums, int counts, float count) {
        var counted = new float[counts];
        Arrays.fill(counted, count);
        return metadata()
                .tensor("a.in_sum2", new long[] {sums}, new float[sums])
                .tensor("a.counts", new long[] {counts}, counted);
    }

    private static byte[] ints(int... values) {
        var bytes = ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (var value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }
}
