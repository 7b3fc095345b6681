// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import com.sun.management.ThreadMXBean;
import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Runs targets and tells what is wrong. <b>Threads:</b> any. */
final class Judge {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Characters of a refusal besides what it may repeat of the input. */
    private static final int LONGEST_TEXT = 4096;

    private Judge() {}

    /**
     * Gives an input to a target.
     *
     * @param patience by how much the time may be longer: instrumented code is slower
     * @throws AssertionError if it throws what it must not, or costs too much
     */
    static void judge(FuzzTarget target, byte[] input, int patience) {
        if (!cost(target, input, patience).isEmpty()) {
            // The first time classes are loaded and, by Jazzer, instrumented.
            var again = cost(target, input, patience);
            if (!again.isEmpty()) {
                throw new AssertionError(target.name() + again);
            }
        }
    }

    /** What is too much of what it costs; empty if nothing is. */
    private static String cost(FuzzTarget target, byte[] input, int patience) {
        var allocated = THREADS.getTotalThreadAllocatedBytes();
        var time = THREADS.getCurrentThreadCpuTime();
        run(target, input);
        var took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - time);
        var made = THREADS.getTotalThreadAllocatedBytes() - allocated;
        var bounds = target.bounds();
        if (took.compareTo(bounds.time().multipliedBy(patience)) > 0) {
            return " takes " + took.toMillis() + " ms";
        }
        return made > bounds.bytesFor(input) ? " makes objects of " + made + " bytes" : "";
    }

    private static void run(FuzzTarget target, byte[] input) {
        try {
            target.run(input.clone());
        } catch (NativeFailure e) {
            throw new AssertionError(target.name() + " blames llama.cpp for the input", e);
        } catch (Failure e) {
            var text = e.text();
            if (text.isBlank() || text.length() > LONGEST_TEXT + 8 * input.length) {
                throw new AssertionError(target.name() + " refuses with a text of " + text.length() + " characters", e);
            }
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(target.name() + " throws " + e, e);
        }
    }
}
