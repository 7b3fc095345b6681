// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static dev.puna.scheduling.state.Requests.MIB;
import static dev.puna.scheduling.state.Requests.machine;
import static dev.puna.scheduling.state.Requests.request;
import static dev.puna.scheduling.state.Requests.settings;
import static dev.puna.scheduling.state.Requests.weights;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.EngineMemory;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.ShuttingDown;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.model.RunnerOptions;
import dev.puna.scheduling.state.SlotState.Cancelling;
import dev.puna.scheduling.state.SlotState.Draining;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InUse;
import dev.puna.scheduling.state.SlotState.Loading;
import dev.puna.scheduling.state.SlotState.MakingRoom;
import dev.puna.scheduling.state.SlotState.Measurement;
import dev.puna.scheduling.state.SlotState.Reason;
import dev.puna.scheduling.state.SlotState.Unloaded;
import dev.puna.scheduling.state.SlotState.Unloading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The transitions of the table in {@code src/docs/architecture.md}, one by one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchedulerStateMachineTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final EngineMemory MEMORY = new EngineMemory(0, 100 * MIB, 0, 0);

    private final SchedulerStateMachine machine =
            new SchedulerStateMachine(settings("OLLAMA_MAX_LOADED_MODELS", "1", "OLLAMA_LOAD_TIMEOUT", "1m"));
    private SchedulerState state = SchedulerState.EMPTY;
    private long now;
    private long wakeAt;

    @Test
    void the_first_in_the_queue_makes_room_and_others_like_it_wait_with_it() {
        assertThat(post(new SchedulerEvent.Requested(request(1, "a"))))
                .containsExactly(new Effect.Measure(0, Requests.model("a")));
        assertThat(post(new SchedulerEvent.Requested(request(2, "a")))).isEmpty();

        assertThat(slot(0))
                .isEqualTo(new MakingRoom(
                        List.of(request(1, "a"), request(2, "a")), Optional.empty(), Measurement.RUNNING));
    }

    @Test
    void a_load_gives_all_who_wait_a_lease() {
        post(new SchedulerEvent.Requested(request(1, "a")));
        post(new SchedulerEvent.Requested(request(2, "a")));

        assertThat(measure(0)).singleElement().isInstanceOf(Effect.Load.class);
        assertThat(slot(0)).isInstanceOf(Loading.class);
        assertThat(load(0)).contains(new Effect.Grant(1, 0), new Effect.Grant(2, 0));

        assertThat(slot(0)).isInstanceOf(InUse.class);
        assertThat(state.leases()).hasSize(2);
    }

    @Test
    void the_last_lease_starts_the_keep_alive_at_whose_end_the_engine_is_closed() {
        use(request(1, "a"));
        now = MINUTE;

        assertThat(post(new SchedulerEvent.LeaseClosed(0, 1))).isEmpty();
        assertThat(slot(0)).isEqualTo(new Idle(engine(), 6 * MINUTE));
        assertThat(wakeAt).isEqualTo(6 * MINUTE);

        now = 6 * MINUTE;
        assertThat(post(new SchedulerEvent.Woken())).containsExactly(new Effect.Unload(0));
        assertThat(slot(0)).isEqualTo(new Unloading(0));
        assertThat(post(new SchedulerEvent.Unloaded(0))).containsExactly(new Effect.TrimMemory());
        assertThat(state.isEmpty()).isTrue();
    }

    @Test
    void the_last_who_leaves_ends_what_has_not_begun_and_cancels_what_has() {
        post(new SchedulerEvent.Requested(request(1, "a")));
        assertThat(post(new SchedulerEvent.RequestCancelled(1)))
                .containsExactly(new Notice.LoadCancelled("a:latest"), new Effect.Forget(0));
        assertThat(state.isEmpty()).isTrue();

        post(new SchedulerEvent.Requested(request(2, "a")));
        measure(1);
        assertThat(post(new SchedulerEvent.RequestCancelled(2))).containsExactly(new Effect.CancelLoad(1));
        assertThat(slot(1)).isInstanceOf(Cancelling.class);
        assertThat(post(new SchedulerEvent.LoadFailed(1, new Cancelled("load cancelled"))))
                .contains(new Notice.LoadCancelled("a:latest"), new Effect.Forget(1));
    }

    @Test
    void an_engine_that_comes_although_its_load_was_cancelled_is_kept_for_the_next() {
        post(new SchedulerEvent.Requested(request(1, "a")));
        measure(0);
        post(new SchedulerEvent.RequestCancelled(1));

        load(0);

        assertThat(slot(0)).isInstanceOf(Idle.class);
        assertThat(post(new SchedulerEvent.Requested(request(2, "a")))).containsExactly(new Effect.Grant(2, 0));
    }

    @Test
    void a_model_that_makes_room_gives_no_leases_until_the_newcomer_leaves() {
        use(request(1, "a"));
        post(new SchedulerEvent.Requested(request(2, "b")));
        measure(1);
        assertThat(slot(0)).isEqualTo(new Draining(engine(), 1, Reason.EVICTED));
        assertThat(post(new SchedulerEvent.Requested(request(3, "a")))).isEmpty();

        assertThat(post(new SchedulerEvent.RequestCancelled(2))).contains(new Effect.Grant(3, 0));

        assertThat(slot(0)).isEqualTo(new InUse(engine(), 2));
    }

    @Test
    void a_model_that_made_room_is_unloaded_and_what_was_measured_before_is_measured_again() {
        use(request(1, "a"));
        post(new SchedulerEvent.Requested(request(2, "b")));
        measure(1);
        assertThat(post(new SchedulerEvent.LeaseClosed(0, 1)))
                .containsExactly(new Effect.Unload(0), new Effect.Measure(1, Requests.model("b")));

        post(new SchedulerEvent.Unloaded(0));
        assertThat(((MakingRoom) slot(1)).measurement()).isEqualTo(Measurement.OUTDATED);
        assertThat(measure(1)).containsExactly(new Effect.Measure(1, Requests.model("b")));
        assertThat(measure(1)).singleElement().isInstanceOf(Effect.Load.class);
    }

    @Test
    void another_way_to_load_the_same_model_waits_until_it_is_idle() {
        use(request(1, "a"));
        var other = request(2, "a", RunnerOptions.DEFAULT.withContext(64), Optional.empty());
        assertThat(post(new SchedulerEvent.Requested(other))).isEmpty();
        assertThat(post(new SchedulerEvent.Requested(request(3, "a")))).isEmpty();

        assertThat(post(new SchedulerEvent.LeaseClosed(0, 1)))
                .containsExactly(new Effect.Unload(0), new Effect.Measure(1, Requests.model("a")));
    }

    @Test
    void exhausted_memory_leads_to_a_smaller_plan() {
        post(new SchedulerEvent.Requested(request(1, "a")));
        measure(0);
        var failure = new InsufficientMemory("failed to allocate");

        assertThat(post(new SchedulerEvent.MemoryExhausted(0, failure)))
                .endsWith(new Effect.Measure(0, Requests.model("a")));
        var smaller = measure(0);

        assertThat(((Effect.Load) smaller.getFirst()).spec().sequences()).isEqualTo(1);
    }

    @Test
    void a_load_that_stands_still_is_given_up_and_its_engine_discarded_when_it_comes() {
        post(new SchedulerEvent.Requested(request(1, "a")));
        measure(0);
        now = MINUTE / 2;
        assertThat(post(new SchedulerEvent.Woken())).containsExactly(new Effect.AskProgress(0));
        assertThat(post(new SchedulerEvent.Progressed(0, 0.5))).isEmpty();
        now = MINUTE;
        post(new SchedulerEvent.Woken());
        assertThat(post(new SchedulerEvent.Progressed(0, 0.5))).isEmpty();
        now = MINUTE / 2 * 3;
        post(new SchedulerEvent.Woken());

        var effects = post(new SchedulerEvent.Progressed(0, 0.5));

        assertThat(effects).startsWith(new Notice.LoadStalled("a:latest", 0.5), new Effect.CancelLoad(0));
        assertThat(((Effect.Refuse) effects.getLast()).failure())
                .isInstanceOf(NativeFailure.class)
                .hasMessage("timed out waiting for model 'a:latest' to load: it has stood at 50 % for 1m0s");
        assertThat(load(0)).containsExactly(new Effect.Discard(0));
    }

    @Test
    void a_broken_engine_serves_whom_it_has_and_goes() {
        use(request(1, "a"));

        assertThat(post(new SchedulerEvent.Retired(0, "broken")))
                .containsExactly(new Notice.ModelRetired("a:latest", "broken"));
        assertThat(slot(0)).isEqualTo(new Draining(engine(), 1, Reason.RETIRED));
        assertThat(post(new SchedulerEvent.LeaseClosed(0, 1))).containsExactly(new Effect.Unload(0));
    }

    @Test
    void a_model_that_somebody_wants_gone_goes_when_it_is_idle_unless_the_next_user_keeps_it() {
        use(request(1, "a"));
        post(new SchedulerEvent.Expired(ModelName.parse("A")));
        var keeper = request(2, "a", RunnerOptions.DEFAULT, Optional.of(KeepAlive.FOREVER));
        post(new SchedulerEvent.Requested(keeper));
        post(new SchedulerEvent.LeaseClosed(0, 1));
        post(new SchedulerEvent.LeaseClosed(0, 2));
        assertThat(slot(0)).isEqualTo(new Idle(engine(), SchedulerState.NEVER));

        assertThat(post(new SchedulerEvent.Expired(ModelName.parse("a")))).containsExactly(new Effect.Unload(0));
    }

    @Test
    void a_stop_refuses_who_waits_drains_what_is_used_and_in_the_end_closes_engines_under_leases() {
        use(request(1, "a"));
        post(new SchedulerEvent.Requested(request(2, "b")));
        var effects = post(new SchedulerEvent.StopRequested());
        assertThat(effects).hasSize(2).first().isEqualTo(new Effect.Forget(1));
        assertThat(((Effect.Refuse) effects.getLast()).failure()).isInstanceOf(ShuttingDown.class);
        assertThat(slot(0)).isEqualTo(new Draining(engine(), 1, Reason.STOPPING));

        assertThat(post(new SchedulerEvent.GraceEnded())).containsExactly(new Effect.Unload(0));
        assertThat(post(new SchedulerEvent.Unloaded(0))).isEmpty();
        assertThat(slot(0)).isEqualTo(new Unloaded(1));
        post(new SchedulerEvent.LeaseClosed(0, 1));
        assertThat(state.isEmpty()).isTrue();
    }

    @Test
    void an_engine_that_lacks_memory_goes_once_however_many_answers_say_so() {
        use(request(1, "a"));
        var lack = new SchedulerEvent.ComputingExhausted(0, new InsufficientMemory("out of memory"));

        assertThat(post(lack)).containsExactly(new Notice.ModelRetired("a:latest", "memory"));
        assertThat(post(lack)).isEmpty();
        assertThat(post(new SchedulerEvent.LeaseClosed(0, 1))).containsExactly(new Effect.Unload(0));
    }

    @Test
    void what_concerns_a_slot_that_is_gone_changes_nothing() {
        var events = new ArrayList<SchedulerEvent>(List.of(
                new SchedulerEvent.RequestCancelled(9),
                new SchedulerEvent.LeaseClosed(9, 9),
                new SchedulerEvent.Retired(9, "broken"),
                new SchedulerEvent.ComputingExhausted(9, new InsufficientMemory("out of memory")),
                new SchedulerEvent.Progressed(9, 1),
                new SchedulerEvent.Unloaded(9)));
        use(request(1, "a"));
        var before = state;

        assertThat(events).allSatisfy(event -> assertThat(post(event)).isEmpty());
        assertThat(measure(9)).containsExactly(new Effect.Forget(9));
        assertThat(state).isEqualTo(before);
    }

    private List<Effect> post(SchedulerEvent event) {
        var outcome = machine.step(state, now, event);
        state = outcome.state();
        wakeAt = outcome.wakeAt();
        return outcome.effects();
    }

    private List<Effect> measure(long slot) {
        return post(new SchedulerEvent.Measured(slot, weights(20 * MIB), machine(4000 * MIB)));
    }

    private List<Effect> load(long slot) {
        return post(new SchedulerEvent.Loaded(slot, MEMORY, 4096));
    }

    /** Loads the first model for somebody. */
    private void use(QueuedRequest request) {
        post(new SchedulerEvent.Requested(request));
        measure(0);
        load(0);
    }

    private SlotState slot(long id) {
        return state.slot(id).orElseThrow().state();
    }

    private LoadedEngine engine() {
        return state.slot(0).flatMap(ModelSlot::loaded).orElseThrow();
    }
}
