// SPDX-License-Identifier: Apache-2.0
/**
 * The tokens of a sequence, with the images among them: what prompts are made into and caches are compared by.
 *
 * <p>Values that one thread uses at a time. Entry: {@link dev.puna.engine.token.TokenList}.
 */
@NullMarked
package dev.puna.engine.token;

import org.jspecify.annotations.NullMarked;
