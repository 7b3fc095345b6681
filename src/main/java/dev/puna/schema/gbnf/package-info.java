// SPDX-License-Identifier: Apache-2.0
/**
 * The notation of llama.cpp's grammars: rules while they are written, texts in quotes and classes of characters, ranges of numbers.
 *
 * <p>Pure; one thread a grammar. Entry: {@link dev.puna.schema.gbnf.Rules}.
 */
@NullMarked
package dev.puna.schema.gbnf;

import org.jspecify.annotations.NullMarked;
