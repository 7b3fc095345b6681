// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.StateBuffer;

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
