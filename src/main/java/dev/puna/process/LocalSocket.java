// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connected pair of stream sockets ({@code socketpair(2)}), for processes of which one starts the other.
 *
 * <p><b>Owns</b> a descriptor, and native memory for what passes through it from when that is first used. <b>Threads:</b> any; one reads
 * and one writes at a time, others wait for it. Waiting holds up the thread and does not end by interruption, but by
 * {@link #shutdown} and {@link #close}.
 */
public final class LocalSocket extends Inheritable {
    /** Bytes that one read brings at most. */
    private static final int READ_AT_ONCE = 64 * 1024;

    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable MemorySegment received;
    private @Nullable OutgoingParts outgoing;

    private LocalSocket(int descriptor) {
        super(descriptor);
    }

    /** Two ends, of which one is for a child. */
    public record Pair(LocalSocket ours, LocalSocket theirs) {}

    /** Makes a pair; a child has neither unless it is given one. */
    public static Pair pair() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var pair = arena.allocate(JAVA_INT, 2);
            SystemError.check(ProcessLibrary.functions().socketPair(pair), "make a pair of sockets");
            return new Pair(
                    new LocalSocket(pair.getAtIndex(JAVA_INT, 0)), new LocalSocket(pair.getAtIndex(JAVA_INT, 1)));
        }
    }

    /** Takes over the end that this process was started with under that number; its own children will not have it. */
    public static LocalSocket inherited(int descriptor) throws IOException {
        SystemError.check(
                ProcessLibrary.functions().adopt(descriptor, true), "use descriptor " + descriptor + " as a socket");
        return new LocalSocket(descriptor);
    }

    /**
     * Waits for bytes.
     *
     * @return how many came, or -1 at the end: the other end was closed, its process is gone, or this end was shut
     */
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        reading.lock();
        try {
            if (descriptor().isClosed()) {
                return -1;
            }
            var buffer = received == null ? Arena.ofAuto().allocate(READ_AT_ONCE) : received;
            received = buffer;
            var count = receive(buffer, Math.min(length, READ_AT_ONCE));
            MemorySegment.copy(buffer, JAVA_BYTE, 0, into, offset, Math.max(count, 0));
            return count;
        } finally {
            reading.unlock();
        }
    }

    private int receive(MemorySegment buffer, int length) throws IOException {
        var number = descriptor().use();
        try {
            var count = ProcessLibrary.functions().receive(number, buffer, length);
            SystemError.check((int) count, "read from the other process");
            return count == 0 ? -1 : (int) count;
        } finally {
            descriptor().end();
        }
    }

    /**
     * Writes what remains of all the parts, in few system calls; waits until the system has taken all. Nothing of another thread's comes
     * between them.
     *
     * @throws IOException if the other end is gone, or this one was shut or closed; some of the bytes may have arrived
     */
    public void write(ByteBuffer... parts) throws IOException {
        writing.lock();
        try {
            var collected = outgoing == null ? new OutgoingParts() : outgoing;
            outgoing = collected;
            var number = descriptor().use();
            try {
                for (var part : parts) {
                    while (part.hasRemaining()) {
                        if (collected.isFull()) {
                            send(number, collected);
                        }
                        collected.take(part);
                    }
                }
                send(number, collected);
            } finally {
                collected.clear();
                descriptor().end();
            }
        } finally {
            writing.unlock();
        }
    }

    private static void send(int number, OutgoingParts parts) throws IOException {
        if (!parts.isEmpty()) {
            var result = ProcessLibrary.functions().send(number, parts.vectors(), parts.count());
            parts.clear();
            if (result == -SystemError.EPIPE) {
                throw new IOException("cannot write to the other process: it has gone");
            }
            SystemError.check(result, "write to the other process");
        }
    }

    /** Ends both directions: who waits in a read, at either end, gets the end, and who writes fails. Does not wait. */
    public void shutdown() {
        int number;
        try {
            number = descriptor().use();
        } catch (IOException _) {
            return;
        }
        ProcessLibrary.functions().shut(number);
        descriptor().end();
    }

    /**
     * Gives this end up. Calls that wait here are woken as by {@link #shutdown}; without such, a child that was given this end
     * keeps it.
     */
    @Override
    public void close() {
        descriptor().close(ProcessLibrary.functions()::shut);
    }
}
