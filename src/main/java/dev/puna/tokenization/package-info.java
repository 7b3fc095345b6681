// SPDX-License-Identifier: Apache-2.0
/**
 * Long texts as tokens, piece by piece from either end, cut where the parts have the tokens of the whole.
 *
 * <p>Knows no native call: it is given what makes tokens of a piece. One thread a text. Entry: {@link dev.puna.tokenization.Tokenizer}.
 */
@NullMarked
package dev.puna.tokenization;

import org.jspecify.annotations.NullMarked;
