// SPDX-License-Identifier: Apache-2.0
/**
 * What this process gives back to the system when it has nothing to do: pages that only a start or a load needed.
 *
 * <p>Nothing here starts a thread. Linux only; elsewhere it does nothing. The only foreign functions are two of the C library's.
 * Entry type: {@link dev.puna.memory.ProcessMemory}.
 */
@NullMarked
package dev.puna.memory;

import org.jspecify.annotations.NullMarked;
