// SPDX-License-Identifier: Apache-2.0
/**
 * Files as a store needs them: written whole or not at all, locked between processes, with errors that name the file.
 *
 * <p>Used by {@link dev.puna.store} alone, but for {@link dev.puna.store.file.FileStamp}. <b>Threads:</b> any.
 */
@NullMarked
package dev.puna.store.file;

import org.jspecify.annotations.NullMarked;
