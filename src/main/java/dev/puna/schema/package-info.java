// SPDX-License-Identifier: Apache-2.0
/**
 * JSON Schemas as grammars in llama.cpp's notation (GBNF): a value keeps its schema, or the schema is refused by name.
 *
 * <p>A schema is first {@linkplain dev.puna.schema.Expansion taken apart} into branches, each of which says everything that
 * must hold at once ({@code allOf}, siblings of {@code $ref} and of {@code anyOf} are met by intersection), then each branch is
 * {@linkplain dev.puna.schema.ValueRules written} as rules. Strings under several conditions go through finite automata.
 *
 * <p>Pure: no native code, no input or output. <b>Threads:</b> any; each call works on objects of its own. <b>Failures:</b>
 * {@link dev.puna.failure.InvalidRequest}, with the keyword, its place as a JSON pointer, and the words of the user. Entry type:
 * {@link dev.puna.schema.SchemaGrammar}.
 */
@NullMarked
package dev.puna.schema;

import org.jspecify.annotations.NullMarked;
