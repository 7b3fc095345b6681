// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Turns at what processes share, as the processor: one of them has it at a time. Who has had a turn and wants another is behind
 * who already waits; the turn of a process that ends is the next one's. It costs some microseconds where nobody else wants it.
 *
 * <p>Made of locks on two bytes of a file that has no other use ({@code fcntl(2)}, {@code F_SETLKW}): one to wait first in line, one for
 * the turn. They belong to a process, so threads of one take turns by a lock of Java's.
 *
 * <p><b>Owns</b> a descriptor. <b>Threads:</b> any; waiting holds up the thread and is not interrupted. There must be one of these for a
 * file in each process: closing another would end the turn of the first.
 */
public final class SharedTurns extends Inheritable {
    private final ReentrantLock inThisProcess = new ReentrantLock(true);

    private SharedTurns(int descriptor) {
        super(descriptor);
    }

    /** Turns for this process and the children that will be given them. */
    public static SharedTurns create() throws IOException {
        return new SharedTurns(SystemError.check(ProcessLibrary.functions().turns(), "make a lock for processes"));
    }

    /** Takes over the turns that this process was started with under that number. */
    public static SharedTurns inherited(int descriptor) throws IOException {
        SystemError.check(
                ProcessLibrary.functions().adopt(descriptor, false),
                "use descriptor " + descriptor + " as a lock for processes");
        return new SharedTurns(descriptor);
    }

    /**
     * Waits for the turn, does the step, and passes the turn on, however the step ends. Not within a step.
     *
     * @throws UncheckedIOException if this was closed, or the system has no lock left
     */
    public <T> T take(Supplier<T> step) {
        if (inThisProcess.isHeldByCurrentThread()) {
            throw new IllegalStateException("a turn is taken within a turn");
        }
        inThisProcess.lock();
        try {
            var number = descriptor().use();
            try {
                SystemError.check(ProcessLibrary.functions().turnTake(number), "wait for the turn of this process");
                try {
                    return step.get();
                } finally {
                    ProcessLibrary.functions().turnEnd(number);
                }
            } finally {
                descriptor().end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            inThisProcess.unlock();
        }
    }

    /** Who has or waits for a turn keeps it. */
    @Override
    public void close() {
        descriptor().close(_ -> {});
    }
}
