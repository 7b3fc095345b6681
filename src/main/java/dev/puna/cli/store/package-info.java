// SPDX-License-Identifier: Apache-2.0
/**
 * Commands that work on the files of the model store themselves, with or without a server on it, as the user who runs them.
 *
 * <p>Called by {@link dev.puna.cli.CommandTree} on the main thread. What a server beside must not see half done is done under the
 * lock of {@link dev.puna.store.ModelStore}. Each command is an entry type.
 */
@NullMarked
package dev.puna.cli.store;

import org.jspecify.annotations.NullMarked;
