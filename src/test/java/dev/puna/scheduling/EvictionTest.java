// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static dev.puna.scheduling.SchedulingRig.await;
import static dev.puna.scheduling.SchedulingRig.eventually;
import static dev.puna.scheduling.SchedulingRig.waiter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.device.ComputeDevice;
import dev.puna.engine.EngineMemory;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EvictionTest {
    private static final long MIB = 1L << 20;

    @TempDir
    Path blobs;

    @Test
    void the_fourth_model_pushes_out_the_one_with_the_shortest_keep_alive() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", Duration.ofMinutes(3))).close();
        await(rig.ask("b", Duration.ofMinutes(1))).close();
        await(rig.ask("c", Duration.ofMinutes(2))).close();

        rig.lease("d").close();

        assertThat(rig.running()).containsExactly("d", "a", "c");
    }

    @Test
    void an_idle_model_goes_before_one_in_use() {
        var rig = new SchedulingRig(blobs, "OLLAMA_MAX_LOADED_MODELS", "2");
        var used = await(rig.ask("a", Duration.ofMinutes(1)));
        await(rig.ask("b", Duration.ofHours(1))).close();

        rig.lease("c").close();

        assertThat(rig.running()).containsExactlyInAnyOrder("a", "c");
        used.close();
    }

    @Test
    void when_all_are_in_use_the_newcomer_waits_and_nobody_new_gets_the_one_that_is_to_go() {
        var rig = new SchedulingRig(blobs, "OLLAMA_MAX_LOADED_MODELS", "1");
        var used = rig.lease("a");
        var newcomer = waiter(rig.ask("b"));
        eventually(() -> {
            var latecomer = waiter(rig.ask("a"));
            Optional.ofNullable(latecomer.getItem()).ifPresent(Lease::close);
            return latecomer.getItem() == null;
        });
        newcomer.assertNotTerminated();

        used.close();

        newcomer.awaitItem(SchedulingRig.BOUND);
        assertThat(rig.loader.engines().getFirst().closings()).isEqualTo(1);
    }

    @Test
    void a_newcomer_that_leaves_lets_the_others_have_their_model_back() {
        var rig = new SchedulingRig(blobs, "OLLAMA_MAX_LOADED_MODELS", "1");
        var used = rig.lease("a");
        var newcomer = waiter(rig.ask("b"));

        newcomer.cancel();

        await(rig.ask("a")).close();
        used.close();
        assertThat(rig.loader.engines()).hasSize(1);
    }

    @Test
    void what_loading_left_is_given_back_when_the_last_model_has_gone() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", Duration.ofMinutes(1))).close();
        await(rig.ask("b", Duration.ofMinutes(2))).close();

        rig.models.expire(rig.model("a").name());
        eventually(() -> rig.running().equals(List.of("b")));
        assertThat(rig.loader.rests()).isZero();
        rig.models.expire(rig.model("b").name());

        eventually(() -> rig.loader.rests() == 1);
    }

    @Test
    void a_model_that_does_not_fit_is_refused_with_what_it_needs() {
        var rig = new SchedulingRig(blobs);
        rig.freeMemory.set(20 * MIB);

        var refused = waiter(rig.ask("a"));

        refused.awaitFailure(SchedulingRig.BOUND)
                .assertFailedWith(
                        InsufficientMemory.class,
                        "model requires more system memory (41.6 MiB) than is available (20.0 MiB);"
                                + " a smaller model or one with fewer bits for each weight may fit");
        assertThat(rig.running()).isEmpty();
    }

    @Test
    void idle_models_go_when_memory_is_short() {
        var rig = new SchedulingRig(blobs);
        rig.loader.needs(new EngineMemory(0, 200 * MIB, 0, 0));
        rig.freeMemory.set(230 * MIB);
        rig.takenByEach.set(200 * MIB);
        rig.lease("a").close();

        rig.lease("b").close();

        assertThat(rig.running()).containsExactly("b");
    }

    @Test
    void a_model_that_needs_more_than_was_thought_is_tried_again_alone_and_smaller() {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();
        rig.lease("b").close();
        rig.loader.failsToLoadOnce(new InsufficientMemory("failed to allocate buffer"));

        rig.lease("c").close();

        assertThat(rig.running()).containsExactly("c");
        assertThat(rig.loader.engine().facts().sequences()).isEqualTo(1);
    }

    @Test
    void a_model_that_fails_again_or_for_another_reason_is_not_tried_again() {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();

        rig.loader.failsToLoadOnce(new NativeFailure("broken"));
        assertThatThrownBy(() -> rig.lease("b")).hasMessage("broken");
        assertThat(rig.running()).containsExactly("a");

        rig.loader.failsToLoad(new InsufficientMemory("failed to allocate buffer"));
        assertThatThrownBy(() -> rig.lease("b")).isInstanceOf(InsufficientMemory.class);
        assertThat(rig.running()).isEmpty();

        rig.loader.loadsAgain();
        rig.lease("b").close();
        assertThat(rig.loader.engine().facts().sequences()).isEqualTo(8);
    }

    @Test
    void an_idle_model_leaves_the_gpu_to_a_newcomer_that_would_have_to_compute_on_the_cpu() {
        var rig = new SchedulingRig(blobs);
        rig.loader.runsOn(gpu(70 * MIB));
        rig.loader.needs(new EngineMemory(0, 60 * MIB, 0, 60 * MIB));
        rig.lease("a").close();
        rig.loader.runsOn(gpu(10 * MIB));

        rig.lease("b").close();

        assertThat(rig.running()).containsExactly("b");
    }

    @Test
    void a_model_in_use_keeps_its_gpu_and_the_newcomer_computes_on_the_cpu() {
        var rig = new SchedulingRig(blobs);
        rig.loader.runsOn(gpu(70 * MIB));
        rig.loader.needs(new EngineMemory(0, 60 * MIB, 0, 60 * MIB));
        var used = rig.lease("a");
        rig.loader.runsOn(gpu(10 * MIB));

        rig.lease("b").close();

        assertThat(rig.running()).containsExactlyInAnyOrder("a", "b");
        used.close();
    }

    @Test
    void nothing_is_evicted_for_a_model_that_would_not_fit_alone() {
        var rig = new SchedulingRig(blobs);
        rig.loader.needs(new EngineMemory(0, MIB, 0, 0));
        rig.lease("a").close();
        rig.freeMemory.set(20 * MIB);

        var refused = waiter(rig.ask("b"));

        refused.awaitFailure(SchedulingRig.BOUND).assertFailedWith(InsufficientMemory.class);
        assertThat(rig.running()).containsExactly("a");
    }

    @Test
    void weights_that_are_pages_of_a_file_do_not_count_as_free_memory() {
        var rig = new SchedulingRig(blobs);
        rig.loader.needs(new EngineMemory(900 * MIB, MIB, 0, 0));
        rig.lease("a").close();
        rig.freeMemory.set(910 * MIB);

        rig.lease("b").close();

        assertThat(rig.running()).containsExactly("b");
    }

    /** One of 70 MiB. */
    private static ComputeDevice gpu(long free) {
        return new ComputeDevice("CUDA0", "CUDA", "some", ComputeDevice.Kind.DISCRETE, "", free, 70 * MIB);
    }
}
