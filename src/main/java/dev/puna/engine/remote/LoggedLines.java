// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * What one process writes, on its way to the log: no more lines than one that works as it should writes, since it is not trusted and
 * the log may be on a disk that fills. Of the others their number is told, when the next line gets through or nothing more comes.
 * Any thread.
 */
final class LoggedLines implements Consumer<String>, AutoCloseable {
    /** As many as libraries write about a large model with all their messages shown. */
    static final int MOST = 2_000;

    /** Begins what a JVM writes when it gives up; some hundred lines follow. */
    private static final String REPORT = "# There is insufficient memory";

    /** Lines that ggml writes after the reason at most: its own and a place of the program each. */
    private static final int BACKTRACE = 110;

    /** Chars of a line that counts once; longer ones count so many times. */
    private static final int USUAL_LENGTH = 256;

    /** In which there may be so many. */
    static final Duration PERIOD = Duration.ofSeconds(20);

    private final Consumer<String> log;
    private final LongConsumer leftOut;
    private final LongSupplier nanos;
    private long begun;
    private int passed;
    private long lost;
    private String lack = "";
    private int sinceLack;

    /**
     * @param log takes those that get through
     * @param leftOut takes the number of those that did not, if there are any
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    LoggedLines(Consumer<String> log, LongConsumer leftOut, LongSupplier nanos) {
        this.log = log;
        this.leftOut = leftOut;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    @Override
    public synchronized void accept(String line) {
        look(line);
        var now = nanos.getAsLong();
        if (now - begun >= PERIOD.toNanos()) {
            close();
            begun = now;
            passed = 0;
        }
        if (passed < MOST) {
            passed += 1 + line.length() / USUAL_LENGTH;
            log.accept(line);
        } else {
            lost++;
        }
    }

    private void look(String line) {
        sinceLack = Math.min(sinceLack + 1, MOST);
        if (OutOfMemory.isTold(line) && !lack.startsWith(REPORT)) {
            lack = line;
            sinceLack = 0;
        }
    }

    /** A line that tells of memory that ran out, if it may be the reason of an end now, although addresses were written after it. */
    synchronized List<String> told() {
        var close = lack.startsWith(REPORT) || sinceLack <= BACKTRACE;
        return lack.isEmpty() || !close ? List.of() : List.of(lack);
    }

    /** Nothing more comes. */
    @Override
    public synchronized void close() {
        if (lost > 0) {
            leftOut.accept(lost);
            lost = 0;
        }
    }
}
