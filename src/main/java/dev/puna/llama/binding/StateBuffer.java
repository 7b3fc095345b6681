// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for what the cache of a context holds of one sequence.
 *
 * <p><b>Owns</b> that memory and nothing of the context. <b>Threads:</b> one at a time.
 */
public final class StateBuffer implements AutoCloseable {
    private static final long LONGEST_PART = 1 << 30;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;

    StateBuffer(long bytes) {
        this.data = arena.allocate(bytes);
    }

    /** Memory for so many bytes, all 0. */
    public static StateBuffer ofBytes(long bytes) {
        return new StateBuffer(bytes);
    }

    public long bytes() {
        return data.byteSize();
    }

    /** All of it as buffers one behind the other, which are of use until this is closed. */
    public List<ByteBuffer> parts() {
        var parts = new ArrayList<ByteBuffer>();
        for (var from = 0L; from < bytes(); from += LONGEST_PART) {
            parts.add(data.asSlice(from, Math.min(LONGEST_PART, bytes() - from)).asByteBuffer());
        }
        return parts;
    }

    MemorySegment data() {
        return data;
    }

    @Override
    public void close() {
        arena.close();
    }
}
