// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import static dev.puna.scheduling.plan.Planning.CPU;
import static dev.puna.scheduling.plan.Planning.GIB;
import static dev.puna.scheduling.plan.Planning.LARGE;
import static dev.puna.scheduling.plan.Planning.cuda;
import static dev.puna.scheduling.plan.Planning.gpu;
import static dev.puna.scheduling.plan.Planning.gpuLayers;
import static dev.puna.scheduling.plan.Planning.gpus;
import static dev.puna.scheduling.plan.Planning.machine;
import static dev.puna.scheduling.plan.Planning.plan;
import static dev.puna.scheduling.plan.Planning.planner;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.device.Placement;
import dev.puna.model.RunnerOptions;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to which GPU. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GpuPlacementTest {
    @ParameterizedTest
    @CsvSource({"8,4096", "22,4096", "24,32768", "80,131072"})
    void more_gpu_memory_means_a_longer_context(long gib, int context) {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(gpu(gib), 64 * GIB));

        assertThat(plan.spec().contextLength()).isEqualTo(context);
        assertThat(plan.fits()).isTrue();
    }

    @Test
    void a_model_that_fits_the_gpu_goes_there_whole() {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(gpu(16), 64 * GIB));

        assertThat(plan.spec().placement().layers()).isEqualTo(33);
        assertThat(plan.need().devices())
                .isGreaterThan(LARGE.tensors().layers().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        + LARGE.tensors().output());
        assertThat(plan.need().host()).isLessThan(GIB);
    }

    @Test
    void of_several_gpus_the_one_with_most_room_is_enough_if_the_model_fits_it() {
        var machine = machine(gpus(10, 16, 12), 64 * GIB);

        var small = plan(LARGE, RunnerOptions.DEFAULT, machine);
        assertThat(small.spec().placement()).isEqualTo(Placement.on("CUDA1", 33));
        assertThat(small.spec().placement().layers()).isEqualTo(33);
        assertThat(small.serves(RunnerOptions.DEFAULT)).isTrue();
        assertThat(small.need().devices()).isLessThan(16 * GIB);

        var spread = planner("OLLAMA_SCHED_SPREAD", "1").plan("m", LARGE, RunnerOptions.DEFAULT, machine);
        assertThat(spread.spec().placement().devices()).containsExactly("CUDA0", "CUDA1", "CUDA2");
        assertThat(spread.spec().placement().layers()).isEqualTo(33);
    }

    @Test
    void a_model_too_large_for_one_gpu_is_put_on_all_of_them() {
        var machine = machine(gpus(4, 4), 64 * GIB);

        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine);

        assertThat(plan.spec().placement().devices()).containsExactly("CUDA0", "CUDA1");
        assertThat(plan.need().devices()).isGreaterThan(4 * GIB);
    }

    @Test
    void of_a_model_that_is_too_large_for_the_gpu_as_many_layers_go_there_as_fit() {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(gpu(4), 64 * GIB));

        assertThat(plan.spec().placement().layers()).isBetween(10, 25);
        assertThat(plan.need().devices()).isLessThan(4 * GIB);
        assertThat(plan.need().host()).isGreaterThan(GIB);
        assertThat(plan.fits()).isTrue();
    }

    @Test
    void layers_asked_for_are_kept_and_none_means_the_cpu() {
        assertThat(plan(LARGE, gpuLayers(7), machine(gpu(80), 64 * GIB))
                        .spec()
                        .placement()
                        .layers())
                .isEqualTo(7);
        assertThat(plan(LARGE, gpuLayers(0), machine(gpu(80), 64 * GIB))
                        .spec()
                        .placement()
                        .layers())
                .isZero();
        assertThat(plan(LARGE, gpuLayers(99), machine(gpu(80), 64 * GIB))
                        .spec()
                        .placement()
                        .layers())
                .isEqualTo(33);
    }

    @Test
    void a_model_is_whole_on_gpus_with_fewer_sequences_rather_than_in_part_with_more() {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(List.of(cuda(0, 7), CPU.getFirst()), 64 * GIB));

        assertThat(plan.spec().placement().layers()).isEqualTo(33);
        assertThat(plan.fits()).isTrue();
    }

    @Test
    void three_models_for_each_gpu_or_three_on_the_cpu_unless_the_setting_says_otherwise() {
        var two = gpus(8, 8);

        assertThat(planner().mostModels(CPU)).isEqualTo(3);
        assertThat(planner().mostModels(two)).isEqualTo(6);
        assertThat(planner("OLLAMA_MAX_LOADED_MODELS", "1").mostModels(two)).isEqualTo(1);
    }
}
