// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static dev.puna.scheduling.state.Requests.MIB;
import static dev.puna.scheduling.state.Requests.machine;
import static dev.puna.scheduling.state.Requests.settings;
import static dev.puna.scheduling.state.Requests.weights;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;
import dev.puna.engine.EngineMemory;
import dev.puna.failure.QueueFull;
import dev.puna.model.RunnerOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who works with a model in memory when more want to than it has sequences for: two here, and one that is prepared. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TurnsTest {
    private static final int PLACES = 3;
    private static final int QUEUE = 50;
    private static final Caller GREEDY = new Caller(1, 1, 1);

    private final SchedulerStateMachine machine = new SchedulerStateMachine(
            settings("OLLAMA_NUM_PARALLEL", "" + (PLACES - 1), "OLLAMA_MAX_QUEUE", "" + QUEUE));
    private final ArrayDeque<Long> open = new ArrayDeque<>();
    private final List<Long> granted = new ArrayList<>();
    private final List<Long> refused = new ArrayList<>();
    private SchedulerState state = SchedulerState.EMPTY;
    private long nextRequest;

    @Test
    void no_more_have_a_lease_than_there_are_sequences_and_one_that_is_prepared() {
        load();

        ask(GREEDY, QUEUE);

        assertThat(granted).hasSize(PLACES);
        assertThat(state.waiting()).isEqualTo(QUEUE + 1 - PLACES);
        closeOldest();
        assertThat(granted).hasSize(PLACES + 1);
    }

    @Test
    void what_needs_no_sequence_does_not_wait_for_one() {
        load();
        ask(GREEDY, 10);

        for (var work : List.of(Work.EMBEDDING, Work.TOKENS, Work.PRESENCE)) {
            var request = request(work, GREEDY);
            post(new SchedulerEvent.Requested(request));
            assertThat(granted).last().isEqualTo(request.id());
        }
    }

    @ParameterizedTest
    @CsvSource({"2,1,1", "1,2,1", "1,1,2"})
    void a_single_request_is_the_next_however_many_another_caller_has_waiting(int address, int key, int connection) {
        load();
        ask(GREEDY, QUEUE);

        var single = ask(new Caller(address, key, connection), 1).getFirst();
        closeOldest();

        assertThat(granted).last().isEqualTo(single);
    }

    @Test
    void an_address_with_many_keys_and_connections_has_no_more_turns_than_one_with_few() {
        load();
        LongStream.range(0, 20).forEach(i -> ask(new Caller(1, i, i), 1));
        var few = ask(new Caller(2, 1, 1), 6);
        var before = granted.size();

        for (var i = 0; i < 10; i++) {
            closeOldest();
        }

        assertThat(granted.subList(before, granted.size()))
                .filteredOn(few::contains)
                .hasSizeBetween(4, 6);
    }

    @Test
    void one_callers_requests_keep_their_order() {
        load();
        var asked = ask(GREEDY, 20);
        while (!open.isEmpty()) {
            closeOldest();
        }

        assertThat(granted).filteredOn(asked::contains).containsExactlyElementsOf(asked);
    }

    @Test
    void who_has_none_waits_no_longer_for_those_who_come_later() {
        load();
        ask(GREEDY, 5);
        var patient = ask(new Caller(2, 0, 0), 1).getFirst();

        for (var caller = 3; !granted.contains(patient); caller++) {
            assertThat(caller).as("newcomers before the one who waits").isLessThan(5);
            ask(new Caller(caller, 0, 0), 2);
            closeOldest();
        }
    }

    @Test
    void a_full_queue_refuses_the_newcomer_at_once_though_the_model_is_ready() {
        load();
        ask(GREEDY, PLACES - 1 + QUEUE);
        assertThat(refused).isEmpty();

        var late = ask(GREEDY, 1);

        assertThat(refused).isEqualTo(late);
        assertThat(state.waiting()).isEqualTo(QUEUE);
    }

    @Test
    void a_queue_that_one_caller_has_filled_gives_another_the_place_of_the_last() {
        load();
        var greedy = ask(GREEDY, PLACES - 1 + QUEUE);
        var single = ask(new Caller(2, 0, 0), 1).getFirst();

        assertThat(refused).containsExactly(greedy.getLast());
        assertThat(state.waiting()).isEqualTo(QUEUE);
        closeOldest();
        assertThat(granted).last().isEqualTo(single);
    }

    @Test
    void those_for_whom_a_model_was_loaded_take_turns_too() {
        post(new SchedulerEvent.Requested(request(Work.GENERATION, GREEDY)));
        ask(GREEDY, 10);
        var single = ask(new Caller(2, 0, 0), 1).getFirst();

        arrive();

        assertThat(granted).hasSize(PLACES).startsWith(0L, single);
        assertThat(state.queue()).extracting(QueuedRequest::id).isSorted().hasSize(9);
    }

    @Test
    void a_model_that_is_to_go_still_serves_those_who_came_before() {
        var small = new SchedulerStateMachine(
                settings("OLLAMA_NUM_PARALLEL", "" + (PLACES - 1), "OLLAMA_MAX_LOADED_MODELS", "1"));
        load();
        var before = ask(GREEDY, PLACES + 2);
        state = small.step(state, 0, new SchedulerEvent.Requested(Requests.request(100, "b")))
                .state();
        state = small.step(state, 0, measured(1)).state();
        nextRequest = 101;
        var after = ask(new Caller(2, 0, 0), 1);

        while (!open.isEmpty()) {
            closeOldest();
        }

        assertThat(granted).containsAll(before).doesNotContainAnyElementsOf(after);
    }

    /** The model is in memory, with a lease for request 0. */
    private void load() {
        post(new SchedulerEvent.Requested(request(Work.GENERATION, new Caller(9, 9, 9))));
        arrive();
    }

    private void arrive() {
        post(measured(0));
        post(new SchedulerEvent.Loaded(0, new EngineMemory(0, 100 * MIB, 0, 0), 4096));
    }

    private static SchedulerEvent measured(long slot) {
        return new SchedulerEvent.Measured(slot, weights(20 * MIB), machine(4000 * MIB));
    }

    private List<Long> ask(Caller caller, int times) {
        var asked = new ArrayList<Long>();
        for (var i = 0; i < times; i++) {
            var request = request(Work.GENERATION, caller);
            asked.add(request.id());
            post(new SchedulerEvent.Requested(request));
        }
        return asked;
    }

    private QueuedRequest request(Work work, Caller caller) {
        return Requests.request(nextRequest++, "a", RunnerOptions.DEFAULT, Optional.empty(), work, caller);
    }

    private void closeOldest() {
        post(new SchedulerEvent.LeaseClosed(0, open.remove()));
    }

    private void post(SchedulerEvent event) {
        var outcome = machine.step(state, 0, event);
        state = outcome.state();
        for (var effect : outcome.effects()) {
            switch (effect) {
                case Effect.Grant(var request, var _) -> {
                    granted.add(request);
                    open.add(request);
                }
                case Effect.Refuse(var request, var failure) -> {
                    assertThat(failure)
                            .isInstanceOf(QueueFull.class)
                            .hasMessage("server busy, please try again.  maximum pending requests exceeded");
                    refused.add(request);
                }
                default -> {}
            }
        }
    }
}
