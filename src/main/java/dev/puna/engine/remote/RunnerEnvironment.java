// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.stream.EventStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Threads and time of engines in processes of their own; a test brings others. Any thread.
 *
 * @param threads makes those that read from a process and write to it
 * @param answers runs what depends on answers, which may be held up
 * @param ends tells subscribers of the ends of answers
 * @param beats runs what is to happen again and again
 * @param nanos a clock that only goes forward, in nanoseconds
 */
record RunnerEnvironment(Threads threads, Executor answers, Executor ends, Beats beats, LongSupplier nanos) {

    /** Those of this machine. */
    static RunnerEnvironment real() {
        return Real.ENVIRONMENT;
    }

    /** Makes threads. */
    @FunctionalInterface
    interface Threads {
        /** A daemon that has not begun. */
        Thread unstarted(String name, Runnable work);
    }

    /** Runs things again and again. */
    @FunctionalInterface
    interface Beats {
        /**
         * Runs something after a pause, and after each pause that follows.
         *
         * @param work must not wait
         * @return stops it
         */
        Runnable every(Duration pause, Runnable work);
    }

    private static final class Real {
        static final RunnerEnvironment ENVIRONMENT = make();

        private static RunnerEnvironment make() {
            var beats = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("runner-pulse").daemon().factory());
            return new RunnerEnvironment(
                    (name, work) -> Thread.ofPlatform().daemon().name(name).unstarted(work),
                    Executors.newCachedThreadPool(
                            Thread.ofPlatform().name("answer-", 0).daemon().factory()),
                    EventStream.ENDS,
                    (pause, work) -> {
                        var future = beats.scheduleWithFixedDelay(
                                work, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
                        return () -> future.cancel(false);
                    },
                    System::nanoTime);
        }
    }
}
