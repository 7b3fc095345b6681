// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.device.ComputeDevice;
import dev.puna.device.ComputeDevice.Kind;
import dev.puna.device.Placement;
import dev.puna.engine.ModelFiles;
import dev.puna.model.RunnerOptions;
import dev.puna.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadPlannerTest {
    private static final long GIB = 1L << 30;
    private static final List<ComputeDevice> CPU =
            List.of(new ComputeDevice("CPU", "CPU", "some", Kind.CPU, "", 16 * GIB, 16 * GIB));

    /** Of the size of an 8B model in 4 bits: 32 layers, 8 heads of 128 for keys and values. */
    private static final ModelWeights LARGE = new ModelWeights(
            ModelFiles.of(List.of(Path.of("large.gguf"))),
            tensors(47 * GIB / 10, 32),
            131_072,
            4096,
            14_336,
            128_256,
            Collections.nCopies(32, 8 * 256L),
            false);

    private static final ModelWeights EMBEDDING = new ModelWeights(
            ModelFiles.of(List.of(Path.of("embed.gguf"))),
            tensors(46 << 20, 6),
            512,
            384,
            1536,
            30_522,
            Collections.nCopies(6, 12 * 64L),
            true);

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
                LARGE.files().withProjector(Path.of("eyes.gguf")),
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
    void after_a_load_that_took_too_much_less_is_tried_each_time_until_nothing_is_left_to_cut() {
        var machine = machine(gpu(24), 64 * GIB);
        var tried = new ArrayList<String>();
        var next = Optional.of(plan(LARGE, RunnerOptions.DEFAULT, machine));
        while (next.isPresent()) {
            var plan = next.get();
            tried.add(plan.spec().contextLength() + " " + plan.spec().sequences() + " "
                    + plan.spec().placement().layers());
            next = planner().smaller(plan, LARGE, machine);
        }

        assertThat(tried).containsExactly("32768 8 33", "32768 1 33", "4096 1 33", "4096 1 16", "4096 1 0");
    }

    @Test
    void what_the_request_fixes_is_not_cut() {
        var machine = machine(gpu(80), 64 * GIB);
        var fixed = new RunnerOptions(
                OptionalInt.of(8192), OptionalInt.empty(), 20, OptionalInt.empty(), Optional.empty(), 0);
        var planner = planner("OLLAMA_NUM_PARALLEL", "2");

        assertThat(planner.smaller(planner.plan("m", LARGE, fixed, machine), LARGE, machine))
                .isEmpty();
    }

    @Test
    void advice_names_an_option_with_which_a_model_would_fit() {
        var machine = machine(CPU, 6 * GIB);
        var far = plan(LARGE, context(65_536), machine);
        var wide = plan(
                LARGE,
                new RunnerOptions(
                        OptionalInt.of(8192), OptionalInt.of(1 << 20), -1, OptionalInt.empty(), Optional.empty(), 0),
                machine);
        var small = machine(CPU, 2 * GIB);

        assertThat(planner().advice(far, LARGE, machine)).matches("; with num_ctx 8192 it would need 5\\.\\d GiB");
        assertThat(planner().advice(wide, LARGE, machine)).startsWith("; with num_batch 512 it would need 5.");
        assertThat(planner().advice(plan(LARGE, RunnerOptions.DEFAULT, small), LARGE, small))
                .isEqualTo("; a smaller model or one with fewer bits for each weight may fit");
    }

    @Test
    void three_models_for_each_gpu_or_three_on_the_cpu_unless_the_setting_says_otherwise() {
        var two = gpus(8, 8);

        assertThat(planner().mostModels(CPU)).isEqualTo(3);
        assertThat(planner().mostModels(two)).isEqualTo(6);
        assertThat(planner("OLLAMA_MAX_LOADED_MODELS", "1").mostModels(two)).isEqualTo(1);
    }

    @Test
    void options_about_gpus_make_no_difference_without_them() {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(CPU, 64 * GIB));

        assertThat(plan.serves(gpuLayers(20))).isTrue();
        assertThat(plan.serves(RunnerOptions.DEFAULT)).isTrue();
    }

    /** llama.cpp ends the process over fewer tokens than sequences. */
    @Test
    void a_step_holds_a_token_of_each_sequence_however_few_are_asked_for() {
        var asked =
                new RunnerOptions(OptionalInt.empty(), OptionalInt.of(1), -1, OptionalInt.empty(), Optional.empty(), 0);

        var plan = plan(LARGE, asked, machine(CPU, 16 * GIB));

        assertThat(plan.spec().sequences()).isEqualTo(8);
        assertThat(plan.spec().batchSize()).isEqualTo(8);
        assertThat(plan.serves(asked)).isTrue();
        assertThat(plan.serves(RunnerOptions.DEFAULT)).isFalse();
    }

    @Test
    void a_step_holds_no_more_tokens_than_the_context_or_the_usual_number() {
        var machine = machine(CPU, 64 * GIB);

        assertThat(batch(machine, 1024, Integer.MAX_VALUE)).isEqualTo(1024);
        assertThat(batch(machine, 64, 600)).isEqualTo(512);
        assertThat(batch(machine, 64, 100)).isEqualTo(100);
    }

    private int batch(MachineState machine, int context, int asked) {
        var options = new RunnerOptions(
                OptionalInt.of(context), OptionalInt.of(asked), -1, OptionalInt.empty(), Optional.empty(), 0);
        var plan = plan(LARGE, options, machine);
        assertThat(plan.serves(options)).isTrue();
        return plan.spec().batchSize();
    }

    @Test
    void options_that_differ_need_another_load() {
        var plan = plan(LARGE, gpuLayers(20), machine(gpu(80), 64 * GIB));

        assertThat(plan.serves(gpuLayers(-1))).isTrue();
        assertThat(plan.serves(gpuLayers(20))).isTrue();
        assertThat(plan.serves(gpuLayers(21))).isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.of(64), -1, OptionalInt.empty(), Optional.empty(), 0)))
                .isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.of(0), Optional.empty(), 0)))
                .isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.of(false), 0)))
                .isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.empty(), 3)))
                .isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.of(512), -1, OptionalInt.empty(), Optional.of(true), 4)))
                .isTrue();
    }

    @Test
    void a_batch_or_a_way_to_read_that_was_asked_for_is_not_inherited() {
        var machine = machine(CPU, 64 * GIB);
        var batch = new RunnerOptions(
                OptionalInt.empty(), OptionalInt.of(64), -1, OptionalInt.empty(), Optional.empty(), 0);
        var read = new RunnerOptions(
                OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.of(false), 0);

        assertThat(plan(LARGE, batch, machine).serves(RunnerOptions.DEFAULT)).isFalse();
        assertThat(plan(LARGE, batch, machine).serves(batch)).isTrue();
        assertThat(plan(LARGE, read, machine).serves(RunnerOptions.DEFAULT)).isFalse();
    }

    /** A shorter context than usual, because memory is short, is no reason to try again at each request. */
    @Test
    void what_was_chosen_for_one_who_left_it_open_serves_all_others_who_do() {
        var scarce = machine(gpu(80), 64 * GIB);
        var shorter = planner()
                .smaller(plan(LARGE, RunnerOptions.DEFAULT, scarce), LARGE, scarce)
                .orElseThrow();

        assertThat(shorter.serves(RunnerOptions.DEFAULT)).isTrue();
    }

    /** Weights of which all layers, and the output, take the same. */
    private static TensorBytes tensors(long bytes, int blocks) {
        var each = bytes / (blocks + 2);
        return new TensorBytes(each, Collections.nCopies(blocks, each), each, each, 0);
    }

    private static List<ComputeDevice> gpu(long gib) {
        return List.of(cuda(0, gib), CPU.getFirst());
    }

    private static ComputeDevice cuda(int number, long gib) {
        var bytes = gib * GIB;
        return new ComputeDevice("CUDA" + number, "CUDA", "some", Kind.DISCRETE, "0000:0" + number, bytes, bytes);
    }

    private static LoadPlan plan(ModelWeights weights, RunnerOptions options, MachineState machine) {
        return planner().plan("m", weights, options, machine);
    }

    private static List<ComputeDevice> gpus(long... gib) {
        return IntStream.range(0, gib.length)
                .mapToObj(number -> cuda(number, gib[number]))
                .toList();
    }

    private static MachineState machine(List<ComputeDevice> devices, long hostBytes) {
        return new MachineState(devices, hostBytes, 4);
    }

    private static LoadPlanner planner(String... variables) {
        var environment = new HashMap<String, String>();
        for (var i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new LoadPlanner(Settings.from(environment));
    }

    private static RunnerOptions context(int tokens) {
        return RunnerOptions.DEFAULT.withContext(tokens);
    }

    private static RunnerOptions gpuLayers(int layers) {
        return new RunnerOptions(
                OptionalInt.empty(), OptionalInt.empty(), layers, OptionalInt.empty(), Optional.empty(), 0);
    }
}
