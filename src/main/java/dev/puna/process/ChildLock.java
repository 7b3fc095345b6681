// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.lang.foreign.MemorySegment;

/**
 * What is put on a child just before its program begins: a {@code struct puna_lock} of {@code native-libs/process/lock.h}, owned by who
 * prepared it and not freed before the start is over.
 */
@FunctionalInterface
public interface ChildLock {
    /** Nothing. */
    ChildLock NONE = () -> MemorySegment.NULL;

    /** The {@code struct}. */
    MemorySegment prepared();
}
