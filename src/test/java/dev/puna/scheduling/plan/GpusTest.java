// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.device.ComputeDevice;
import dev.puna.device.ComputeDevice.Kind;
import dev.puna.device.Placement;
import dev.puna.device.Placement.Share;
import dev.puna.engine.EngineSpec;
import dev.puna.failure.InvalidRequest;
import dev.puna.support.TestModelFiles;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Placement of a model with ten layers of 100 MiB, the output being the eleventh, with next to no cache. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GpusTest {
    private static final long MIB = 1L << 20;
    private static final int LAYERS = 11;

    private static final MemoryEstimate MODEL = estimate(100 * MIB);
    private static final long COMPUTING = MODEL.computing();

    @Test
    void one_gpu_with_enough_room_has_everything_and_it_is_the_one_with_most() {
        var gpus = gpus(discrete("CUDA0", 1400), discrete("CUDA1", 1500), discrete("CUDA2", 200));

        assertThat(gpus.whole(MODEL, false)).contains(Placement.on("CUDA1", LAYERS));
    }

    @Test
    void what_no_gpu_holds_alone_is_shared_by_their_room() {
        var gpus = gpus(discrete("CUDA0", 900), discrete("CUDA1", 450));

        var placement = gpus.whole(MODEL, false).orElseThrow();

        assertThat(placement.shares()).containsExactly(new Share("CUDA0", 7), new Share("CUDA1", 4));
        assertThat(gpus.hold(MODEL.with(placement))).isTrue();
    }

    @Test
    void spreading_shares_even_what_one_would_hold() {
        var gpus = gpus(discrete("CUDA0", 4000), discrete("CUDA1", 4000));

        assertThat(gpus.whole(MODEL, true).orElseThrow().shares())
                .containsExactly(new Share("CUDA0", 6), new Share("CUDA1", 5));
    }

    @Test
    void memory_of_two_gpus_that_would_do_in_sum_does_not_where_a_layer_would_have_to_be_cut() {
        // Room for two layers and a half on each.
        var gpus = gpus(discrete("CUDA0", 250), discrete("CUDA1", 250));

        assertThat(gpus.most(MODEL, LAYERS).shares()).containsExactly(new Share("CUDA0", 2), new Share("CUDA1", 2));
        assertThat(gpus.whole(MODEL, false)).isEmpty();
    }

    @Test
    void where_shares_by_room_do_not_fit_one_gpu_is_filled_after_the_other() {
        // The output is as large as five layers: by room, two layers and the output would go to the second.
        var uneven = estimate(500 * MIB);
        var gpus = gpus(discrete("CUDA0", 1010), discrete("CUDA1", 520));

        var placement = gpus.whole(uneven, false).orElseThrow();

        assertThat(placement.shares()).containsExactly(new Share("CUDA0", 10), new Share("CUDA1", 1));
    }

    @Test
    void layers_asked_for_are_shared_and_a_gpu_without_room_gets_none() {
        var gpus = gpus(discrete("CUDA0", 700), discrete("CUDA1", 0));

        assertThat(gpus.some(MODEL, 4)).isEqualTo(Placement.on("CUDA0", 4));
        assertThat(gpus.some(MODEL, 9).layers()).isEqualTo(9);
        assertThat(gpus.hold(MODEL.with(gpus.some(MODEL, 9)))).isFalse();
    }

    @Test
    void integrated_gpus_serve_where_there_are_no_others_and_their_memory_is_the_systems() {
        var both = gpus(device("Vulkan0", "Vulkan", Kind.INTEGRATED, "", 9000), discrete("CUDA0", 1500));
        var alone = gpus(device("Vulkan0", "Vulkan", Kind.INTEGRATED, "", 9000));

        assertThat(both.whole(MODEL, false)).contains(Placement.on("CUDA0", LAYERS));
        assertThat(alone.whole(MODEL, false)).contains(Placement.on("Vulkan0", LAYERS));
        assertThat(alone.inSystemMemory(MODEL.with(Placement.on("Vulkan0", LAYERS))))
                .isEqualTo(1100 * MIB + COMPUTING);
        assertThat(both.inSystemMemory(MODEL.with(Placement.on("CUDA0", LAYERS))))
                .isZero();
    }

    @Test
    void hardware_that_two_backends_have_found_is_used_once_through_the_better_one() {
        var gpus = gpus(
                device("Vulkan0", "Vulkan", Kind.DISCRETE, "0000:01:00.0", 900),
                device("CUDA0", "CUDA", Kind.DISCRETE, "0000:01:00.0", 900));

        assertThat(gpus.usable()).extracting(ComputeDevice::name).containsExactly("CUDA0");
    }

    @Test
    void of_two_backends_with_hardware_of_their_own_the_one_with_most_memory_computes() {
        var gpus = gpus(
                device("CUDA0", "CUDA", Kind.DISCRETE, "0000:01:00.0", 900),
                device("ROCm0", "ROCm", Kind.DISCRETE, "0000:02:00.0", 800),
                device("ROCm1", "ROCm", Kind.DISCRETE, "0000:03:00.0", 800));

        assertThat(gpus.usable()).extracting(ComputeDevice::name).containsExactly("ROCm0", "ROCm1");
    }

    @Test
    void the_main_gpu_is_the_only_one_and_one_that_is_not_there_is_told_with_those_that_are() {
        var devices = List.of(discrete("CUDA0", 900), discrete("CUDA1", 4000), discrete("CUDA2", 4000));

        var first = Gpus.of(devices, OptionalInt.of(0), 0);

        assertThat(first.whole(MODEL, false)).isEmpty();
        assertThat(first.most(MODEL, LAYERS).devices()).containsExactly("CUDA0");
        assertThatThrownBy(() -> Gpus.of(devices, OptionalInt.of(3), 0))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("main_gpu is 3, but the GPUs are 0 (CUDA0), 1 (CUDA1), 2 (CUDA2)");
        assertThat(Gpus.of(List.of(), OptionalInt.of(3), 0).isEmpty()).isTrue();
    }

    @Test
    void the_overhead_is_left_alone_on_each_gpu() {
        var devices = List.of(discrete("CUDA0", 1200), discrete("CUDA1", 500));

        assertThat(Gpus.of(devices, OptionalInt.empty(), 0).whole(MODEL, false))
                .contains(Placement.on("CUDA0", LAYERS));
        assertThat(Gpus.of(devices, OptionalInt.empty(), 200 * MIB)
                        .whole(MODEL, false)
                        .orElseThrow()
                        .devices())
                .containsExactly("CUDA0", "CUDA1");
        assertThat(Gpus.of(devices, OptionalInt.empty(), 9000 * MIB)
                        .most(MODEL, LAYERS)
                        .layers())
                .isZero();
    }

    private static Gpus gpus(ComputeDevice... devices) {
        return Gpus.of(List.of(devices), OptionalInt.empty(), 0);
    }

    /** With room for so many megabytes of layers. */
    private static ComputeDevice discrete(String name, long mib) {
        return device(name, "CUDA", Kind.DISCRETE, "", mib);
    }

    private static ComputeDevice device(String name, String backend, Kind kind, String id, long mib) {
        var free = (long) Math.ceil((mib * MIB + COMPUTING) / 0.9) + 1;
        return new ComputeDevice(name, backend, "some", kind, id, free, free);
    }

    private static MemoryEstimate estimate(long output) {
        var tensors = new TensorBytes(0, Collections.nCopies(LAYERS - 1, 100 * MIB), output, output, 0);
        var weights = new ModelWeights(
                TestModelFiles.of(List.of(Path.of("m.gguf"))),
                tensors,
                4096,
                0,
                0,
                0,
                Collections.nCopies(LAYERS - 1, 0L),
                false);
        return new MemoryEstimate(
                weights, new EngineSpec("m", weights.files(), 16, 1, 16, 1, Placement.CPU, true, "f16", "auto", 0));
    }
}
