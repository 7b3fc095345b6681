// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ComputeLockTest {

    @Test
    void no_two_steps_compute_at_once_and_every_one_has_its_turn() {
        var turns = ProcessHooks.ALONE.turns(true);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var models = IntStream.range(0, 4)
                .mapToObj(_ -> CompletableFuture.runAsync(() -> {
                    for (var step = 0; step < 50; step++) {
                        turns.take(() -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            LockSupport.parkNanos(10_000);
                            return inside.decrementAndGet();
                        });
                    }
                }))
                .toList();

        models.forEach(model -> model.orTimeout(30, TimeUnit.SECONDS).join());

        assertThat(most).hasValue(1);
    }

    @Test
    void models_on_a_gpu_wait_for_nobody() {
        var first = ProcessHooks.ALONE.turns(false);
        var second = ProcessHooks.ALONE.turns(false);

        assertThat(first).isNotSameAs(second).isNotSameAs(ProcessHooks.ALONE.turns(true));
        assertThat(ProcessHooks.ALONE.turns(true)).isSameAs(ProcessHooks.ALONE.turns(true));
    }
}
