// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Ties C objects to arenas. */
final class Ownership {
    private Ownership() {}

    /** The same object, which closing the arena now frees, once. */
    @SuppressWarnings("restricted")
    static MemorySegment bind(MemorySegment object, Arena arena, Consumer<MemorySegment> free) {
        return object.reinterpret(arena, free);
    }
}
