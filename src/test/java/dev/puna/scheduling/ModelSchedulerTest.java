// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static dev.puna.scheduling.SchedulingRig.await;
import static dev.puna.scheduling.SchedulingRig.context;
import static dev.puna.scheduling.SchedulingRig.eventually;
import static dev.puna.scheduling.SchedulingRig.waiter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.NativeFailure;
import dev.puna.failure.QueueFull;
import dev.puna.failure.StoreFailure;
import dev.puna.model.ModelName;
import dev.puna.model.RunnerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ModelSchedulerTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    @TempDir
    Path blobs;

    @Test
    void a_model_is_loaded_once_and_then_lent_at_once() {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();

        var second = waiter(rig.ask("a"));

        second.assertCompleted().assertItem(second.getItem());
        assertThat(rig.loader.engines()).hasSize(1);
        assertThat(rig.events.all).containsExactly("loaded a:latest");
    }

    @Test
    void all_who_wait_for_one_model_share_one_load() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet();
        var first = waiter(rig.ask("a"));
        var second = waiter(rig.ask("a"));
        var third = waiter(rig.ask("a"));
        assertThat(rig.models.occupancy()).isEqualTo(new Occupancy(3, 0, 0));

        rig.loader.letLoad();

        first.awaitItem(SchedulingRig.BOUND);
        second.awaitItem(SchedulingRig.BOUND);
        third.awaitItem(SchedulingRig.BOUND);
        assertThat(rig.loader.engines()).hasSize(1);
        assertThat(rig.models.occupancy()).isEqualTo(new Occupancy(0, 1, 3));
    }

    @Test
    void two_names_of_the_same_weights_share_one_engine() {
        var rig = new SchedulingRig(blobs);
        var model = rig.model("a");
        rig.lease("a").close();

        await(rig.ask(TinyModel.renamed(model, "b"), RunnerOptions.DEFAULT, Optional.empty()))
                .close();

        assertThat(rig.loader.engines()).hasSize(1);
        rig.models.expire(ModelName.parse("b"));
        eventually(() -> rig.running().isEmpty());
    }

    @Test
    void the_last_who_leaves_cancels_the_load() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet();
        var first = waiter(rig.ask("a"));
        var second = waiter(rig.ask("a"));
        eventually(() -> rig.loader.loading() == 1);

        first.cancel();
        assertThat(rig.loader.cancelledLoads()).isZero();
        second.cancel();

        eventually(() -> rig.loader.cancelledLoads() == 1);
        eventually(() -> rig.running().isEmpty());
        assertThat(rig.events.all).isEmpty();
    }

    @Test
    void who_comes_after_a_load_was_given_up_has_a_load_of_its_own() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet();
        var first = waiter(rig.ask("a"));
        eventually(() -> rig.loader.loading() == 1);
        first.cancel();
        var second = waiter(rig.ask("a"));

        rig.loader.letLoad();

        second.awaitItem(SchedulingRig.BOUND);
    }

    @Test
    void a_failed_load_fails_all_who_wait_and_the_next_may_succeed() {
        var rig = new SchedulingRig(blobs);
        rig.loader.failsToLoad(new NativeFailure("bad tensor")).loadsOnlyWhenLet();
        var first = waiter(rig.ask("a"));
        var second = waiter(rig.ask("a"));

        rig.loader.letLoad();

        first.awaitFailure(SchedulingRig.BOUND).assertFailedWith(NativeFailure.class, "bad tensor");
        second.awaitFailure(SchedulingRig.BOUND).assertFailedWith(NativeFailure.class, "bad tensor");
        assertThat(rig.running()).isEmpty();
        rig.loader.loadsAgain().letLoad();
        rig.lease("a").close();
        assertThat(rig.events.all).containsExactly("load failed a:latest", "loaded a:latest");
    }

    @Test
    void a_damaged_file_is_named_before_native_code_sees_it() {
        var rig = new SchedulingRig(blobs);

        assertThatThrownBy(() -> await(rig.ask(TinyModel.damaged(blobs, "a"), RunnerOptions.DEFAULT, Optional.empty())))
                .isInstanceOf(StoreFailure.class)
                .hasMessageStartingWith("model 'a:latest' cannot be loaded: ")
                .hasMessageEndingWith("; pull or create it again");
        assertThat(rig.loader.engines()).isEmpty();
    }

    @Test
    void an_adapter_is_loaded_with_its_model_which_is_another_one_without_it() {
        var rig = new SchedulingRig(blobs);
        var adapted = TinyModel.withAdapter(blobs, "a", "llama");

        await(rig.ask(adapted, RunnerOptions.DEFAULT, Optional.empty()));
        await(rig.ask(TinyModel.generating(blobs, "a"), RunnerOptions.DEFAULT, Optional.empty()));

        assertThat(rig.loader.engines())
                .extracting(engine -> engine.spec().files().adapters())
                .containsExactly(adapted.adapters(), List.of());
    }

    @Test
    void an_adapter_for_another_model_is_refused_before_anything_is_loaded() {
        var rig = new SchedulingRig(blobs);
        var model = TinyModel.withAdapter(blobs, "a", "qwen2");

        assertThatThrownBy(() -> await(rig.ask(model, RunnerOptions.DEFAULT, Optional.empty())))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("the adapter does not fit the model: it is made for models of the architecture");
        assertThat(rig.loader.engines()).isEmpty();
    }

    @Test
    void the_queue_has_a_limit() {
        var rig = new SchedulingRig(blobs, "OLLAMA_MAX_QUEUE", "2");
        rig.loader.loadsOnlyWhenLet();
        waiter(rig.ask("a"));
        waiter(rig.ask("a"));
        var last = waiter(rig.ask("b"));

        var refused = waiter(rig.ask("a"));

        refused.awaitFailure()
                .assertFailedWith(QueueFull.class, "server busy, please try again.  maximum pending requests exceeded");
        last.cancel();
        waiter(rig.ask("b")).assertNotTerminated();
    }

    @Test
    void loads_run_one_at_a_time_in_the_order_they_were_asked_for() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet();
        var a = waiter(rig.ask("a"));
        var b = waiter(rig.ask("b"));
        eventually(() -> rig.loader.loading() == 1);

        rig.loader.letLoad();
        a.awaitItem(SchedulingRig.BOUND);
        b.assertNotTerminated();
        rig.loader.letLoad();

        b.awaitItem(SchedulingRig.BOUND);
        assertThat(rig.loader.engines())
                .extracting(engine -> engine.spec().name())
                .containsExactly("a:latest", "b:latest");
    }

    @Test
    void a_loaded_model_is_lent_while_others_wait_for_a_load() {
        var rig = new SchedulingRig(blobs);
        rig.lease("a").close();
        rig.loader.loadsOnlyWhenLet();
        waiter(rig.ask("b"));

        waiter(rig.ask("a")).assertCompleted();
    }

    @Test
    void another_context_length_loads_the_model_anew() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", context(2048))).close();

        await(rig.ask("a", context(1024))).close();

        assertThat(rig.loader.engines())
                .extracting(engine -> engine.spec().contextLength())
                .containsExactly(2048, 1024);
        assertThat(rig.loader.engines().getFirst().closings()).isEqualTo(1);
    }

    @Test
    void a_context_beyond_what_the_model_was_trained_for_is_cut_before_it_is_compared() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", context(TinyModel.TRAINED_CONTEXT))).close();

        await(rig.ask("a", context(Integer.MAX_VALUE))).close();

        assertThat(rig.loader.engines()).hasSize(1);
    }

    @Test
    void a_request_that_leaves_the_context_open_does_not_inherit_one_that_was_asked_for() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", context(64))).close();

        rig.lease("a").close();
        rig.lease("a").close();

        assertThat(rig.loader.engines())
                .extracting(engine -> engine.spec().contextLength())
                .containsExactly(64, 4096);
    }

    @Test
    void a_context_that_was_asked_for_serves_those_who_would_have_got_the_same() {
        var rig = new SchedulingRig(blobs);
        await(rig.ask("a", context(4096))).close();

        rig.lease("a").close();
        await(rig.ask("a", context(4096))).close();

        assertThat(rig.loader.engines()).hasSize(1);
    }

    @Test
    void who_leaves_the_context_open_waits_for_no_load_with_one_that_was_asked_for() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet();
        var first = waiter(rig.ask("a", context(64)));
        var second = waiter(rig.ask("a"));
        eventually(() -> rig.loader.loading() == 1);

        rig.loader.letLoad();
        rig.loader.letLoad();

        first.awaitItem(SchedulingRig.BOUND).getItem().close();
        second.awaitItem(SchedulingRig.BOUND);
        assertThat(rig.loader.engines())
                .extracting(engine -> engine.spec().contextLength())
                .containsExactly(64, 4096);
    }

    @Test
    void a_reload_waits_until_nobody_uses_the_model_and_lets_nobody_else_in_meanwhile() {
        var rig = new SchedulingRig(blobs);
        var user = await(rig.ask("a", context(2048)));
        var reloader = waiter(rig.ask("a", context(1024)));
        var latecomer = waiter(rig.ask("a", context(2048)));
        reloader.assertNotTerminated();
        latecomer.assertNotTerminated();

        user.close();

        reloader.awaitItem(SchedulingRig.BOUND);
        latecomer.assertNotTerminated();
        reloader.getItem().close();
        latecomer.awaitItem(SchedulingRig.BOUND);
        assertThat(rig.loader.engines())
                .extracting(engine -> engine.spec().contextLength())
                .containsExactly(2048, 1024, 2048);
    }

    @Test
    void when_the_one_who_wants_a_reload_leaves_the_model_is_lent_again() {
        var rig = new SchedulingRig(blobs);
        var user = await(rig.ask("a", context(2048)));
        var reloader = waiter(rig.ask("a", context(1024)));
        var latecomer = waiter(rig.ask("a", context(2048)));

        reloader.cancel();

        latecomer.awaitItem(SchedulingRig.BOUND);
        assertThat(rig.loader.engines()).hasSize(1);
        user.close();
    }

    @Test
    void those_for_whom_a_model_was_loaded_get_it_before_it_is_replaced() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet();
        var first = waiter(rig.ask("a", context(2048)));
        var reloader = waiter(rig.ask("a", context(1024)));
        eventually(() -> rig.loader.loading() == 1);

        rig.loader.letLoad();
        rig.loader.letLoad();

        first.awaitItem(SchedulingRig.BOUND).getItem().close();
        reloader.awaitItem(SchedulingRig.BOUND);
    }

    @Test
    void closing_a_lease_twice_counts_once() {
        var rig = new SchedulingRig(blobs);
        var first = rig.lease("a");
        var second = rig.lease("a");

        first.close();
        first.close();

        assertThat(rig.models.occupancy().active()).isEqualTo(1);
        second.close();
        assertThat(rig.models.occupancy().active()).isZero();
    }

    @Test
    void a_load_that_stands_still_is_abandoned_and_the_next_one_begins() {
        var rig = new SchedulingRig(blobs, "OLLAMA_LOAD_TIMEOUT", "1m");
        rig.loader.loadsOnlyWhenLet();
        var stuck = waiter(rig.ask("a"));
        var next = waiter(rig.ask("b"));
        eventually(() -> rig.loader.loading() == 1);

        rig.clock.pass(Duration.ofSeconds(70));

        stuck.awaitFailure(SchedulingRig.BOUND)
                .assertFailedWith(
                        NativeFailure.class,
                        "timed out waiting for model 'a:latest' to load: it has stood at 0 % for 1m0s");
        eventually(() -> rig.loader.cancelledLoads() == 1);
        rig.loader.letLoad();
        next.awaitItem(SchedulingRig.BOUND);
    }

    @Test
    void models_that_load_are_shown_with_the_memory_they_are_expected_to_take() {
        var rig = new SchedulingRig(blobs);
        rig.loader.loadsOnlyWhenLet();
        waiter(rig.ask("a", context(2048)));
        eventually(() -> rig.loader.loading() == 1);

        var shown = rig.models.running().getFirst();

        assertThat(shown.loading()).isTrue();
        assertThat(shown.contextLength()).isEqualTo(2048);
        assertThat(shown.bytes()).isGreaterThan(8192 * TinyModel.CELL_BYTES);
        assertThat(shown.expiresAt()).isEqualTo(FakeClock.START.plus(FIVE_MINUTES));
    }

    @Test
    void threads_asked_for_are_no_more_than_there_are_processors() {
        var rig = new SchedulingRig(blobs);
        var everything = new RunnerOptions(
                OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.empty(), Integer.MAX_VALUE);

        await(rig.ask("a", everything)).close();
        await(rig.ask("a", everything)).close();

        assertThat(rig.loader.engines())
                .singleElement()
                .extracting(engine -> engine.spec().threads())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void a_batch_beyond_the_context_is_one_of_the_context() {
        var rig = new SchedulingRig(blobs);
        var huge = new RunnerOptions(
                OptionalInt.empty(), OptionalInt.of(Integer.MAX_VALUE), -1, OptionalInt.empty(), Optional.empty(), 0);

        await(rig.ask("a", huge)).close();

        assertThat(rig.loader.engines()).singleElement().satisfies(engine -> assertThat(
                        engine.spec().batchSize())
                .isEqualTo(Math.max(512, engine.spec().contextLength())));
    }
}
