// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import static dev.puna.scheduling.plan.Planning.CPU;
import static dev.puna.scheduling.plan.Planning.EMBEDDING;
import static dev.puna.scheduling.plan.Planning.GIB;
import static dev.puna.scheduling.plan.Planning.LARGE;
import static dev.puna.scheduling.plan.Planning.context;
import static dev.puna.scheduling.plan.Planning.machine;
import static dev.puna.scheduling.plan.Planning.plan;
import static dev.puna.scheduling.plan.Planning.planner;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.ModelFiles;
import dev.puna.model.RunnerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model gets without GPUs: context, sequences, memory. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadPlannerTest {
    @Test
    void without_gpus_the_context_is_4096_and_eight_sequences_share_the_cache() {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(CPU, 16 * GIB));

        assertThat(plan.spec().contextLength()).isEqualTo(4096);
        assertThat(plan.spec().sequences()).isEqualTo(8);
        assertThat(plan.spec().batchSize()).isEqualTo(512);
        assertThat(plan.spec().threads()).isEqualTo(4);
        assertThat(plan.spec().placement().layers()).isZero();
        assertThat(plan.spec().memoryMap()).isTrue();
        assertThat(plan.fits()).isTrue();
    }

    @Test
    void a_model_that_sees_has_a_longer_shortest_context_and_memory_to_see_with() {
        var sees = new ModelWeights(
                new ModelFiles(LARGE.files().weights(), List.of(), Optional.of(Path.of("eyes.gguf"))),
                LARGE.tensors(),
                LARGE.trainedContext(),
                LARGE.width(),
                LARGE.feedForward(),
                LARGE.vocabulary(),
                LARGE.cacheElements(),
                false);
        var options = new RunnerOptions(
                OptionalInt.of(16), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.empty(), 0);

        var plan = plan(sees, options, machine(CPU, 16 * GIB));
        var blind = plan(LARGE, plan.asked(), machine(CPU, 16 * GIB));

        assertThat(plan.spec().files().projector()).contains(Path.of("eyes.gguf"));
        assertThat(plan.spec().contextLength()).isEqualTo(2048);
        assertThat(plan.serves(options)).isTrue();
        assertThat(blind.spec().contextLength()).isEqualTo(16);
        assertThat(plan.need().host()).isGreaterThan(blind.need().host() + 256 * (GIB >> 10));
    }

    @Test
    void where_memory_is_scarce_one_sequence_has_it() {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(CPU, 6 * GIB));

        assertThat(plan.spec().sequences()).isEqualTo(1);
        assertThat(plan.fits()).isTrue();
    }

    @Test
    void what_fits_in_no_way_is_planned_as_small_as_can_be() {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(CPU, 2 * GIB));

        assertThat(plan.fits()).isFalse();
        assertThat(plan.spec().sequences()).isEqualTo(1);
        assertThat(plan.need().host()).isBetween(5 * GIB, 6 * GIB);
    }

    @Test
    void the_cache_takes_what_its_cells_hold() {
        var small = plan(LARGE, context(4096), machine(CPU, 4 * GIB)).need().host();
        var large = plan(LARGE, context(8192), machine(CPU, 4 * GIB)).need().host();

        // 32 layers × 8 heads × (128 + 128) numbers of 2 bytes for each of 4096 cells, and their row of the mask.
        assertThat(large - small).isEqualTo(4096L * 32 * 8 * 256 * 2 + 4096L * 512 * 4);
    }

    @Test
    void a_quantised_cache_takes_less() {
        var f16 = planner()
                .plan("m", LARGE, context(4096), machine(CPU, GIB))
                .need()
                .host();
        var q8 = planner("OLLAMA_KV_CACHE_TYPE", "q8_0")
                .plan("m", LARGE, context(4096), machine(CPU, GIB))
                .need()
                .host();
        var q4 = planner("OLLAMA_KV_CACHE_TYPE", "q4_0")
                .plan("m", LARGE, context(4096), machine(CPU, GIB))
                .need()
                .host();

        assertThat(f16 - q8).isEqualTo(4096L * 32 * 8 * 256 * 30 / 32);
        assertThat(q8 - q4).isEqualTo(4096L * 32 * 8 * 256 * 16 / 32);
    }

    @ParameterizedTest
    @CsvSource({"4,4", "1,4", "-5,4", "0,4", "100000,100000", "2147483647,131072"})
    void a_context_is_neither_shorter_nor_longer_than_there_can_be(int asked, int given) {
        assertThat(plan(LARGE, context(asked), machine(CPU, 64 * GIB)).spec().contextLength())
                .isEqualTo(given);
    }

    @Test
    void the_setting_replaces_the_usual_context_but_not_that_of_the_request() {
        var planner = planner("OLLAMA_CONTEXT_LENGTH", "16384");

        assertThat(planner.plan("m", LARGE, RunnerOptions.DEFAULT, machine(CPU, 64 * GIB))
                        .spec()
                        .contextLength())
                .isEqualTo(16_384);
        assertThat(planner.plan("m", LARGE, context(2048), machine(CPU, 64 * GIB))
                        .spec()
                        .contextLength())
                .isEqualTo(2048);
    }

    @Test
    void the_number_of_sequences_asked_for_is_kept_even_where_memory_is_scarce() {
        var plan = planner("OLLAMA_NUM_PARALLEL", "3").plan("m", LARGE, RunnerOptions.DEFAULT, machine(CPU, GIB));

        assertThat(plan.spec().sequences()).isEqualTo(3);
        assertThat(plan.fits()).isFalse();
    }

    @Test
    void an_embedding_model_has_the_context_it_was_trained_for_and_eight_sequences() {
        var plan = plan(EMBEDDING, RunnerOptions.DEFAULT, machine(CPU, 16 * GIB));

        assertThat(plan.spec().contextLength()).isEqualTo(512);
        assertThat(plan.spec().sequences()).isEqualTo(8);
        assertThat(plan(EMBEDDING, context(256), machine(CPU, 16 * GIB)).spec().contextLength())
                .isEqualTo(256);
    }
}
