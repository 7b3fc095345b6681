// SPDX-License-Identifier: Apache-2.0
/**
 * Talking with a model: what was asked for, how an answer is printed while it comes, and the interactive loop.
 *
 * <p>Used by {@code puna run}. One answer at a time; the loop lets a virtual thread wait for it, so that Ctrl-C can end the
 * wait. Entry types: {@link dev.puna.cli.chat.OneShotPrompt} and {@link dev.puna.cli.chat.Repl}.
 */
@NullMarked
package dev.puna.cli.chat;

import org.jspecify.annotations.NullMarked;
