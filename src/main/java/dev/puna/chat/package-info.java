// SPDX-License-Identifier: Apache-2.0
/**
 * A conversation as every API means it, free of any wire format.
 *
 * <p>Values only: immutable records that any thread may share, used by the edges, the templates and the engine. JSON that
 * has no meaning to us (tool schemas, tool arguments) is carried as text, so that its key order survives. Entry type:
 * {@link dev.puna.chat.Message}.
 */
@NullMarked
package dev.puna.chat;

import org.jspecify.annotations.NullMarked;
