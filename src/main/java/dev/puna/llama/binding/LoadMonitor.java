// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.llama.binding.generated.puna_load;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How far one load has come, and whether it shall stop: a {@code puna_load} that the loading thread shares with others.
 *
 * <p><b>Owns</b> its memory. <b>Threads:</b> any, until it is closed.
 */
public final class LoadMonitor implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(puna_load.layout());

    private LoadMonitor() {}

    public static LoadMonitor open() {
        return new LoadMonitor();
    }

    /** Between 0 and 1. */
    public float fraction() {
        return SharedCell.read(state, puna_load.progress$offset());
    }

    public void cancel() {
        SharedCell.write(state, puna_load.cancel$offset(), 1);
    }

    MemorySegment state() {
        return state;
    }

    @Override
    public void close() {
        arena.close();
    }
}
