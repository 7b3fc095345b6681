// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SystemClockTest {
    @Test
    void it_wakes_once_when_the_moment_has_come() throws InterruptedException {
        try (var clock = new SystemClock()) {
            var woken = new CountDownLatch(1);

            clock.wakeAt(clock.nanos() + TimeUnit.MILLISECONDS.toNanos(5), woken::countDown);

            assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_new_moment_replaces_the_old_one() throws InterruptedException {
        try (var clock = new SystemClock()) {
            var first = new AtomicInteger();
            var second = new CountDownLatch(1);
            clock.wakeAt(clock.nanos() + TimeUnit.HOURS.toNanos(1), first::incrementAndGet);

            clock.wakeAt(clock.nanos(), second::countDown);

            assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(first).hasValue(0);
        }
    }

    @Test
    void the_same_moment_can_be_set_again_once_it_has_passed() throws InterruptedException {
        try (var clock = new SystemClock()) {
            var moment = clock.nanos();
            var first = new CountDownLatch(1);
            clock.wakeAt(moment, first::countDown);
            assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
            var second = new CountDownLatch(1);

            SchedulingRig.eventually(() -> {
                clock.wakeAt(moment, second::countDown);
                return second.getCount() == 0;
            });
        }
    }

    @Test
    void after_it_is_closed_nobody_is_woken() {
        var clock = new SystemClock();
        clock.close();

        clock.wakeAt(clock.nanos(), () -> {
            throw new AssertionError("woken");
        });
        clock.sleep();
    }
}
