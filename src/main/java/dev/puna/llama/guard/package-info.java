// SPDX-License-Identifier: Apache-2.0
/**
 * What keeps C code from input that it would not survive: depth, stacks, sizes, and JSON on its way to the shim and back.
 *
 * <p>Called by the owners of native things in {@code llama}. Any thread. Entries: {@link dev.puna.llama.guard.DeepStack} and
 * {@link dev.puna.llama.guard.ShimJson}.
 */
@NullMarked
package dev.puna.llama.guard;

import org.jspecify.annotations.NullMarked;
