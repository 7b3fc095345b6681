// SPDX-License-Identifier: Apache-2.0
package dev.puna.tokenization;

import java.util.Optional;
import java.util.OptionalInt;

/** The tokens of a model's vocabulary, and the texts that they stand for. <b>Threads:</b> any. */
public interface Tokenizer {

    /** How many tokens there are; they are numbered from 0. */
    int size();

    /**
     * The tokens of a text, made as they are asked for; the names of control tokens become those tokens.
     *
     * @param addSpecial whether to add the tokens that begin and end a text, if the model wants them
     * @param betweenPieces run before each piece of a long text; may throw to end the work
     */
    TextTokens tokens(String text, boolean addSpecial, Runnable betweenPieces);

    /**
     * The bytes that tokens stand for, with the names of control tokens; may end inside a character.
     *
     * @throws IllegalArgumentException if one is not a token of this vocabulary
     */
    byte[] bytes(int... tokens);

    /** The token that begins a text. */
    OptionalInt bos();

    /** The tokens for filling in, of a model that knows how. */
    Optional<FillInMarks> fillInMarks();

    /** Whether {@link #tokens} begins with {@link #bos} when it may add special tokens. */
    boolean addsBos();
}
