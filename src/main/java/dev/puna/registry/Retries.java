// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.RegistryFailure;
import dev.puna.registry.http.RegistryResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Does again what fails in a way that may pass, with pauses that grow, and until too many tries in a row have moved nothing.
 *
 * @param limits how often, and how long the pauses are
 * @param stopped whether a failure is none, since nobody wants the result any more
 */
record Retries(TransferLimits limits, BooleanSupplier stopped) {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** What may have to be done more than once. */
    interface Attempt<X extends Exception> {
        void run() throws IOException, InterruptedException, X;
    }

    /** An answer that may be another one soon. */
    private static final class Busy extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Duration pause;

        Busy(String message, Duration pause) {
            super(message);
            this.pause = pause;
        }
    }

    /** Fails in a way that may pass if an answer says that the server is busy or in trouble. */
    static void requireReady(RegistryResponse response) throws IOException {
        if (response.status() == 429 || response.status() >= 500) {
            var seconds = response.header("Retry-After").orElse("");
            var pause = seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : Duration.ZERO;
            throw new Busy(response.refusal(), pause);
        }
    }

    /**
     * Tries until nothing is left to do.
     *
     * @param left how much there is to do; a failure after which it is less is the first again
     */
    <X extends Exception> void run(LongSupplier left, Attempt<X> attempt) throws InterruptedException, X {
        var failures = 0;
        while (left.getAsLong() > 0) {
            var before = left.getAsLong();
            try {
                attempt.run();
            } catch (IOException e) {
                if (stopped.getAsBoolean()) {
                    throw new InterruptedException("stopped");
                }
                failures = left.getAsLong() < before ? 1 : failures + 1;
                if (failures >= limits.tries()) {
                    throw new RegistryFailure("max retries exceeded: " + e.getMessage(), e);
                }
                Thread.sleep(pause(e, failures));
            }
        }
    }

    /** Does something that a busy server is asked for again; what fails otherwise is a {@link RegistryFailure} at once. */
    <X extends Exception> void once(Attempt<X> attempt) throws InterruptedException, X {
        var left = new AtomicLong(1);
        run(left::get, () -> {
            try {
                attempt.run();
                left.set(0);
            } catch (Busy e) {
                throw e;
            } catch (IOException e) {
                throw new RegistryFailure(String.valueOf(e.getMessage()), e);
            }
        });
    }

    private Duration pause(IOException failure, int failures) {
        var usual = limits.pause().multipliedBy(1L << Math.min(failures - 1, 16));
        var wanted = failure instanceof Busy busy && busy.pause.compareTo(usual) > 0 ? busy.pause : usual;
        return wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
    }
}
