// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.llama.binding.ModelFacts;
import dev.puna.llama.binding.ModelHandle;
import java.util.OptionalInt;

/**
 * The tokens of an open model.
 *
 * <p><b>Borrows</b> the {@link LoadedModel}: fails with {@link IllegalStateException} once that is closed, and the model
 * cannot close under a call. <b>Threads:</b> any.
 */
public final class Vocabulary {
    private final ModelHandle handle;
    private final ModelFacts facts;
    private final Lifecycle model;

    Vocabulary(ModelHandle handle, ModelFacts facts, Lifecycle model) {
        this.handle = handle;
        this.facts = facts;
        this.model = model;
    }

    public int size() {
        return facts.vocabularySize();
    }

    /**
     * Splits text into tokens.
     *
     * @param addSpecial whether to add the tokens that begin and end a text, if the model wants them
     * @param parseSpecial whether the names of control tokens in the text become those tokens
     */
    public int[] tokenize(String text, boolean addSpecial, boolean parseSpecial) {
        var utf8 = text.getBytes(UTF_8);
        return model.use(() -> handle.tokenize(utf8, addSpecial, parseSpecial));
    }

    /** The bytes that tokens stand for, with the names of control tokens; may end inside a character. */
    public byte[] bytes(int... tokens) {
        return detokenize(tokens, true);
    }

    /** {@link #bytes} of one token. */
    public byte[] piece(int token) {
        return bytes(token);
    }

    /** The token that begins a text. */
    public OptionalInt bos() {
        return token(facts.bos());
    }

    /** The token that ends a text. */
    public OptionalInt eos() {
        return token(facts.eos());
    }

    /** Whether {@link #tokenize} begins with {@link #bos} when it may add special tokens. */
    public boolean addsBos() {
        return facts.addsBos();
    }

    /** Whether {@link #tokenize} ends with {@link #eos} when it may add special tokens. */
    public boolean addsEos() {
        return facts.addsEos();
    }

    /** Whether a token ends a generation: a model may have several such. */
    public boolean isEnd(int token) {
        check(token);
        return model.use(() -> handle.isEnd(token));
    }

    byte[] detokenize(int[] tokens, boolean special) {
        for (int token : tokens) {
            check(token);
        }
        return model.use(() -> handle.detokenize(tokens, special));
    }

    private void check(int token) {
        if (token < 0 || token >= size()) {
            throw new IllegalArgumentException("token " + token + " is not one of " + size());
        }
    }

    private static OptionalInt token(int token) {
        return token < 0 ? OptionalInt.empty() : OptionalInt.of(token);
    }
}
