// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Cancelled;
import dev.puna.failure.QueueFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayNameGeneration(ReplaceUnderscores.class)
class MemoryBudgetTest {
    private static final long MIB = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(100 * MIB, 1 << 20, Duration.ofMillis(300));

    @Test
    void what_a_request_took_is_there_again_when_it_is_over() {
        var share = budget.enter(10 * MIB).orElseThrow();
        share.take(30 * MIB);
        assertThat(budget.held()).isEqualTo(30 * MIB);

        share.close();
        share.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void what_a_request_entered_with_and_did_not_use_is_given_back_once_it_has_been_read() {
        var share = budget.enter(40 * MIB).orElseThrow();
        share.take(5 * MIB);
        share.settle();
        assertThat(budget.held()).isEqualTo(5 * MIB);
        share.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void what_is_made_of_a_request_takes_the_place_of_its_body() {
        var share = budget.enter(MIB).orElseThrow();
        share.borrow(60 * MIB);
        share.take(30 * MIB);
        share.plan(65 * MIB);
        assertThat(budget.held()).isLessThanOrEqualTo(97 * MIB);

        share.forgo(45 * MIB);
        share.settle();
        assertThat(budget.held()).as("without the body").isEqualTo(50 * MIB);

        share.keepOnly(MIB);
        assertThat(budget.held()).as("once the prompt is made").isEqualTo(MIB + BodyAdmission.OWN);
        share.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void what_a_part_borrowed_is_there_for_the_next() {
        var share = budget.enter(MIB).orElseThrow();
        for (var i = 0; i < 1_000; i++) {
            share.borrow(MIB);
            share.giveBack(MIB);
        }
        assertThat(budget.held()).isLessThanOrEqualTo(2 * MIB);
        share.close();
    }

    @Test
    void a_request_that_has_become_tokens_lets_others_in() throws Exception {
        var patient = new MemoryBudget(100 * MIB, 1 << 20, Duration.ofSeconds(15));
        var first = patient.enter(10 * MIB).orElseThrow();
        first.take(20 * MIB);
        first.plan(70 * MIB);
        first.settle();
        var second = patient.enter(5 * MIB).orElseThrow();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waits = threads.submit(() -> second.take(50 * MIB));
            assertThat(waits.isDone()).isFalse();
            first.keepOnly(MIB);
            waits.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_client_that_leaves_gives_back_what_is_kept_too() {
        var share = budget.enter(MIB).orElseThrow();
        share.take(20 * MIB);
        share.close();
        share.keepOnly(5 * MIB);
        assertThat(budget.held()).isZero();
    }

    @Test
    void what_can_never_fit_is_refused_at_once() {
        var share = budget.enter(MIB).orElseThrow();
        assertThatThrownBy(() -> share.take(101 * MIB))
                .isInstanceOf(BodyTooLarge.class)
                .hasMessageContaining("100 MiB for requests");
        assertThatThrownBy(() -> budget.enter(101 * MIB)).isInstanceOf(BodyTooLarge.class);
    }

    @Test
    void what_does_not_fit_in_time_is_told_that_the_server_is_busy() {
        var first = budget.enter(10 * MIB).orElseThrow();
        first.take(90 * MIB);
        first.settle();
        var second = budget.enter(5 * MIB).orElseThrow();
        assertThatThrownBy(() -> second.take(50 * MIB))
                .isInstanceOf(QueueFull.class)
                .hasMessageContaining("try again");
    }

    @Test
    void what_does_not_fit_waits_for_what_ends() throws Exception {
        var patient = new MemoryBudget(100 * MIB, 1 << 20, Duration.ofSeconds(15));
        var first = patient.enter(10 * MIB).orElseThrow();
        first.take(90 * MIB);
        first.settle();
        var second = patient.enter(5 * MIB).orElseThrow();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waits = threads.submit(() -> second.take(50 * MIB));
            assertThat(waits.isDone()).isFalse();
            first.close();
            waits.get(10, TimeUnit.SECONDS);
        }
        assertThat(patient.held()).isEqualTo(50 * MIB);
    }

    @Test
    void a_request_that_waits_to_grow_ends_when_its_client_leaves() throws Exception {
        var patient = new MemoryBudget(100 * MIB, 1 << 20, Duration.ofSeconds(15));
        var first = patient.enter(10 * MIB).orElseThrow();
        first.take(90 * MIB);
        first.settle();
        var second = patient.enter(5 * MIB).orElseThrow();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waits = threads.submit(
                    () -> assertThatThrownBy(() -> second.take(50 * MIB)).isInstanceOf(Cancelled.class));
            second.close();
            waits.get(10, TimeUnit.SECONDS);
        }
        first.close();
        assertThat(patient.held()).isZero();
    }

    @Test
    void a_request_whose_client_has_left_grows_no_more_and_keeps_nobody_from_growing() {
        var gone = budget.enter(MIB).orElseThrow();
        gone.close();

        assertThatThrownBy(() -> gone.take(2 * MIB)).isInstanceOf(Cancelled.class);
        assertThatThrownBy(() -> gone.plan(MIB)).isInstanceOf(Cancelled.class);
        assertThatThrownBy(() -> gone.borrowUnread(MIB)).isInstanceOf(Cancelled.class);
        assertThat(budget.held()).isZero();
        var next = budget.enter(MIB).orElseThrow();
        next.take(90 * MIB);
        next.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void clients_that_leave_while_their_requests_are_read_leave_nothing_behind() throws Exception {
        try (var readers = Executors.newSingleThreadExecutor()) {
            for (var i = 0; i < 2_000; i++) {
                var share = budget.enter(MIB).orElseThrow();
                var read = readers.submit(() -> {
                    share.borrowUnread(2 * MIB);
                    share.take(3 * MIB);
                    share.plan(4 * MIB);
                    share.settle();
                });
                share.close();
                try {
                    read.get(10, TimeUnit.SECONDS);
                } catch (ExecutionException left) {
                    assertThat(left.getCause()).isInstanceOf(Cancelled.class);
                }
            }
        }
        assertThat(budget.held()).isZero();
        var large = budget.enter(90 * MIB);
        assertThat(large).as("room for a large one").isPresent();
        large.get().take(100 * MIB);
        large.get().close();
    }

    @Test
    void requests_enter_in_the_order_in_which_they_came() {
        var first = budget.enter(50 * MIB).orElseThrow();
        var order = new ArrayList<String>();
        budget.await(40 * MIB, _ -> order.add("large"));
        budget.await(2 * MIB, _ -> order.add("smaller"));
        assertThat(budget.enter(2 * MIB)).as("nobody overtakes").isEmpty();
        assertThat(order).isEmpty();

        first.close();
        assertThat(order).containsExactly("large", "smaller");
    }

    @Test
    void a_small_request_does_not_wait_behind_large_ones() {
        assertThat(budget.enter(50 * MIB)).isPresent();
        budget.await(90 * MIB, _ -> {});
        assertThat(budget.enter(MemoryBudget.SMALL)).isPresent();
    }

    @Test
    void who_gives_up_waiting_gets_nothing_and_others_go_on() {
        var first = budget.enter(50 * MIB).orElseThrow();
        var order = new ArrayList<String>();
        var entry = budget.await(90 * MIB, _ -> order.add("gone"));
        budget.await(10 * MIB, _ -> order.add("next"));
        assertThat(budget.leave(entry)).isTrue();
        first.close();
        assertThat(order).containsExactly("next");
        assertThat(budget.leave(entry)).isFalse();
    }

    /** Each holds its part and wants as much again as all have: one after the other gets it. */
    @Test
    void many_that_grow_at_once_do_not_block_each_other() throws Exception {
        var patient = new MemoryBudget(100 * MIB, 1 << 20, Duration.ofSeconds(15));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<CompletableFuture<Void>>();
            for (var i = 0; i < 40; i++) {
                var entered = new CompletableFuture<Share>();
                patient.await(5 * MIB, entered::complete);
                done.add(entered.thenAcceptAsync(
                        share -> {
                            for (var part = 0; part < 4; part++) {
                                share.take(10 * MIB);
                            }
                            share.close();
                        },
                        threads));
            }
            CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(15, TimeUnit.SECONDS);
        }
        assertThat(patient.held()).isZero();
    }

    @Test
    void bodies_of_unknown_length_take_room_as_they_come() {
        var share = budget.enter(MIB).orElseThrow();
        share.borrowUnread(20 * MIB);
        assertThat(budget.held()).isGreaterThanOrEqualTo(20 * MIB);
        share.close();
        assertThat(budget.held()).isZero();
    }
}
