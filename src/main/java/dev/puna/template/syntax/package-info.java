// SPDX-License-Identifier: Apache-2.0
/**
 * The text of a Go template made into a tree: tokens, nodes, and what is wrong in Go's words.
 *
 * <p>Pure; a tree is immutable and may be shared, a parser is used by one thread. Called by {@code dev.puna.template} alone.
 * Entry type: {@link dev.puna.template.syntax.Parser}.
 */
@NullMarked
package dev.puna.template.syntax;

import org.jspecify.annotations.NullMarked;
