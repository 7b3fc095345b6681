// SPDX-License-Identifier: Apache-2.0
/**
 * What can be told of a shared library before it is opened: opening one that is damaged may end the process.
 *
 * <p>Reads files only. Entry type: {@link dev.puna.library.LibraryCheck}.
 */
@NullMarked
package dev.puna.library;

import org.jspecify.annotations.NullMarked;
