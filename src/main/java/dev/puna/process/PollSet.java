// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Descriptors that are waited for together until one can be read, or has come to its end ({@code poll(2)}). One thread. */
final class PollSet {
    /** In place of a descriptor: never ready. */
    static final int NOTHING = -1;

    static final int FOREVER = -1;

    private static final short POLLIN = 1;

    /** Of {@code struct pollfd}: the descriptor, what is waited for, what came. */
    private static final int ENTRY = 8;

    private static final int EVENTS = 4;
    private static final int RESULT = 6;

    private MemorySegment entries = Arena.ofAuto().allocate(16 * ENTRY, Integer.BYTES);
    private int count;

    void clear() {
        count = 0;
    }

    void add(int descriptor) {
        var at = (long) count * ENTRY;
        if (at == entries.byteSize()) {
            var larger = Arena.ofAuto().allocate(2 * at, Integer.BYTES);
            entries = larger.copyFrom(entries);
        }
        entries.set(JAVA_INT, at, descriptor);
        entries.set(JAVA_SHORT, at + EVENTS, POLLIN);
        entries.set(JAVA_SHORT, at + RESULT, (short) 0);
        count++;
    }

    /** Waits until one is ready, or that long. */
    void await(int milliseconds) throws IOException {
        SystemError.check(ProcessLibrary.functions().poll(entries, count, milliseconds), "wait for children");
    }

    /** By the order of adding. */
    boolean isReady(int index) {
        return entries.get(JAVA_SHORT, (long) index * ENTRY + RESULT) != 0;
    }
}
