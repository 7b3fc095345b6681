// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers, manifests and names of quantisations; contract 3.2 and 3.3. */
class ModelValuesTest {
    private static final Digest DIGEST = Digest.of(new byte[0]);

    @Test
    void a_layer_of_negative_size_is_refused() {
        assertThatThrownBy(() -> Layer.of(MediaTypes.MODEL, DIGEST, -1)).isInstanceOf(InvalidRequest.class);
    }

    @Test
    void the_size_of_a_manifest_is_that_of_all_its_blobs_and_never_wraps_around() {
        var config = Layer.of(MediaTypes.CONFIG, DIGEST, 5);
        var small = Layer.of(MediaTypes.MODEL, DIGEST, 10);
        var huge = Layer.of(MediaTypes.MODEL, DIGEST, Long.MAX_VALUE);

        assertThat(new Manifest(config, List.of(small, small)).size()).isEqualTo(25);
        assertThat(new Manifest(config, List.of(huge, huge)).size()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_manifest_keeps_its_own_list_of_layers() {
        var layers = new ArrayList<>(List.of(Layer.of(MediaTypes.MODEL, DIGEST, 1)));
        var manifest = new Manifest(Layer.of(MediaTypes.CONFIG, DIGEST, 1), layers);
        layers.clear();

        assertThat(manifest.layers(MediaTypes.MODEL)).hasSize(1);
        assertThat(manifest.layers(MediaTypes.SYSTEM)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, F32",
        "1, F16",
        "2, Q4_0",
        "3, Q4_1",
        "7, Q8_0",
        "8, Q5_0",
        "9, Q5_1",
        "10, Q2_K",
        "11, Q3_K_S",
        "12, Q3_K_M",
        "13, Q3_K_L",
        "14, Q4_K_S",
        "15, Q4_K_M",
        "16, Q5_K_S",
        "17, Q5_K_M",
        "18, Q6_K",
        "32, BF16",
        "38, MXFP4",
        "4, unknown",
        "33, unknown",
        "1024, unknown",
        "-1, unknown",
        "9223372036854775807, unknown"
    })
    void quantisations_are_named_as_llama_cpp_numbers_them(long number, String name) {
        assertThat(FileType.name(number)).isEqualTo(name);
    }
}
