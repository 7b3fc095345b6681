// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Four aligned bytes that native threads read and write at the same time.
 *
 * <p>A plain access of this size is never torn, and the fence beside it makes it seen: what a volatile access does, which the native
 * image has for handles known at build time only.
 */
final class SharedCell {
    private SharedCell() {}

    static float read(MemorySegment memory, long offset) {
        VarHandle.fullFence();
        return memory.get(JAVA_FLOAT, offset);
    }

    static void write(MemorySegment memory, long offset, int value) {
        memory.set(JAVA_INT, offset, value);
        VarHandle.fullFence();
    }
}
