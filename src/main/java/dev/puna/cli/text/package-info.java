// SPDX-License-Identifier: Apache-2.0
/**
 * How the command line puts things: tables, sizes, times, numbers, wrapped words, progress.
 *
 * <p>Used by the commands only. Everything but {@link dev.puna.cli.text.Progress} is pure; nothing here asks a server. Formats are those of the recorded commands, which take theirs from Go.
 */
@NullMarked
package dev.puna.cli.text;

import org.jspecify.annotations.NullMarked;
