// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for what the cache of a context holds of one sequence.
 *
 * <p><b>Owns</b> that memory and nothing of the context. <b>Threads:</b> one at a time.
 */
public final class StateBuffer implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;

    StateBuffer(long bytes) {
        this.data = arena.allocate(bytes);
    }

    public long bytes() {
        return data.byteSize();
    }

    MemorySegment data() {
        return data;
    }

    @Override
    public void close() {
        arena.close();
    }
}
