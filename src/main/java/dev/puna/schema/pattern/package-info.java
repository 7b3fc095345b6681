// SPDX-License-Identifier: Apache-2.0
/**
 * Conditions on strings: regular expressions as JSON Schema has them, and automata over code points in which several can be met.
 *
 * <p>Pure; one thread a value. Entry: {@link dev.puna.schema.pattern.Pattern}.
 */
@NullMarked
package dev.puna.schema.pattern;

import org.jspecify.annotations.NullMarked;
