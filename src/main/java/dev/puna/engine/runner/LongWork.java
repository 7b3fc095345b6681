// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.runner;

import dev.puna.engine.Loading;
import dev.puna.engine.wire.FromRunner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Loads and quantisations under way, which tell how far they are. Any thread. */
final class LongWork {
    private static final long BETWEEN_REPORTS = 100_000_000;

    private final Set<Long> running = ConcurrentHashMap.newKeySet();
    private final Executor threads;
    private final Outbox outbox;

    /**
     * @param threads that may be held up, any number
     */
    LongWork(Executor threads, Outbox outbox) {
        this.threads = threads;
        this.outbox = outbox;
    }

    /** Does some work, whose answer is the last that is said of its call. */
    void start(long call, Function<Loading, FromRunner> work) {
        var loading = Loading.create();
        running.add(call);
        threads.execute(() -> report(call, loading));
        threads.execute(() -> {
            FromRunner answer;
            try {
                answer = work.apply(loading);
            } catch (RuntimeException | Error failed) {
                running.remove(call);
                outbox.fail(call, failed);
                return;
            }
            running.remove(call);
            outbox.send(answer);
        });
    }

    private void report(long call, Loading loading) {
        var told = 0.0;
        while (running.contains(call)) {
            LockSupport.parkNanos(BETWEEN_REPORTS);
            var fraction = loading.fraction();
            if (fraction != told) {
                told = fraction;
                outbox.send(new FromRunner.Progress(call, fraction));
            }
        }
    }
}
