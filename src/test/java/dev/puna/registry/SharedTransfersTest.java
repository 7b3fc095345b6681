// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Cancelled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Who shares a transfer, and what becomes of one that everybody has left. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SharedTransfersTest {
    private final SharedTransfers<String> transfers = new SharedTransfers<>();
    private final List<Moving> begun = new ArrayList<>();

    @Test
    void those_who_want_the_same_wait_for_one() {
        try (var one = join("a");
                var two = join("a");
                var other = join("b")) {
            assertThat(begun).hasSize(2);
            begun.getFirst().end();

            assertThat(one.isDone()).isTrue();
            assertThat(two.isDone()).isTrue();
            assertThat(other.isDone()).isFalse();
        }
    }

    @Test
    void only_the_last_to_leave_ends_it() {
        var one = join("a");
        var two = join("a");

        one.close();
        assertThat(begun.getFirst().cancelled).isFalse();
        two.close();
        assertThat(begun.getFirst().cancelled).isTrue();
    }

    @Test
    void one_that_was_left_is_waited_for_before_the_next_begins() {
        join("a").close();
        try (var late = join("a")) {
            assertThat(begun).hasSize(1);

            begun.getFirst().fail();

            assertThat(begun).hasSize(2);
            begun.getLast().end();
            assertThat(late.isDone()).isTrue();
        }
    }

    @Test
    void one_that_was_left_and_comes_to_its_end_all_the_same_is_not_begun_again() {
        join("a").close();
        try (var late = join("a")) {
            begun.getFirst().end();

            assertThat(late.isDone()).isTrue();
            assertThat(begun).hasSize(1);
        }
    }

    @Test
    void a_failure_is_told_to_all() {
        try (var one = join("a");
                var two = join("a")) {
            begun.getFirst().fail();

            assertThatThrownBy(one::isDone).isInstanceOf(Cancelled.class);
            assertThatThrownBy(two::isDone).isInstanceOf(Cancelled.class);
        }
    }

    private SharedTransfers<String>.Waiting join(String key) {
        return transfers.join(key, Moving::new);
    }

    private final class Moving implements Transfer {
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private Runnable ended = () -> {};
        private boolean cancelled;

        @Override
        public void start(Runnable whenEnded) {
            ended = whenEnded;
            begun.add(this);
        }

        @Override
        public CompletableFuture<Boolean> done() {
            return done;
        }

        @Override
        public long completed() {
            return 0;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void end() {
            ended.run();
            done.complete(true);
        }

        void fail() {
            ended.run();
            done.completeExceptionally(new Cancelled("request canceled"));
        }
    }
}
