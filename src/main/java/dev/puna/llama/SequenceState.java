// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.StateBuffer;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the cache of a {@link Context} held of one sequence, outside the cache.
 *
 * <p><b>Owns</b> its memory, on the host; the context may close before it. <b>Threads:</b> one at a time, checked.
 */
public final class SequenceState implements AutoCloseable {
    private final StateBuffer buffer;
    private final NativeLifecycle lifecycle = NativeLifecycle.exclusive("SequenceState");

    SequenceState(StateBuffer buffer) {
        this.buffer = buffer;
    }

    /** Room for a copy of so many bytes that was kept elsewhere, to be filled through {@link #parts}. */
    public static SequenceState ofBytes(long bytes) {
        return new SequenceState(StateBuffer.ofBytes(bytes));
    }

    /**
     * The copy as buffers one behind the other, of use until this is closed. llama.cpp believes what is in them: only what a context
     * with the same model and types has {@linkplain Context#save saved} may be put there.
     */
    public List<ByteBuffer> parts() {
        return buffer.parts();
    }

    public long bytes() {
        return buffer.bytes();
    }

    StateBuffer buffer() {
        return buffer;
    }

    NativeLifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public void close() {
        lifecycle.close(buffer::close);
    }
}
