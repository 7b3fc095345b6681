// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * A child as the system knows it. Its number is its own until it has been reaped, so signals and reaping exclude each other.
 *
 * <p><b>Owns</b> two descriptors, which {@link ChildWatch} closes. <b>Threads:</b> any.
 */
final class ChildHandle {
    private static final int ENDED = 1;

    private final int pid;
    private final int output;
    private final int identity;
    private final int locks;
    private boolean reaped;

    /**
     * @param output reads what it writes
     * @param identity readable when it has ended, -1 if there is none
     */
    ChildHandle(int pid, int output, int identity, int locks) {
        this.pid = pid;
        this.output = output;
        this.identity = identity;
        this.locks = locks;
    }

    int pid() {
        return pid;
    }

    int output() {
        return output;
    }

    int identity() {
        return identity;
    }

    int locks() {
        return locks;
    }

    synchronized boolean isReaped() {
        return reaped;
    }

    synchronized void signal(int number) {
        if (!reaped) {
            ProcessLibrary.functions().kill(pid, number);
        }
    }

    /** How it ended, once; empty as long as it runs. */
    synchronized Optional<ExitStatus> reap() {
        try (var arena = Arena.ofConfined()) {
            var status = arena.allocate(JAVA_INT, 2);
            var result = ProcessLibrary.functions().reap(pid, status);
            if (result == 0) {
                return Optional.empty();
            }
            reaped = true;
            return Optional.of(
                    result == ENDED
                            ? new ExitStatus(status.getAtIndex(JAVA_INT, 0), status.getAtIndex(JAVA_INT, 1))
                            : ExitStatus.UNKNOWN);
        }
    }

    void close() {
        ProcessLibrary.functions().close(output);
        if (identity >= 0) {
            ProcessLibrary.functions().close(identity);
        }
    }
}
