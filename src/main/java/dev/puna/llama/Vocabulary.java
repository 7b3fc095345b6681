// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.llama.binding.LoadedModelFacts;
import dev.puna.llama.binding.ModelHandle;
import dev.puna.llama.guard.DeepStack;
import dev.puna.tokenization.FillInMarks;
import dev.puna.tokenization.SpecialTokens;
import dev.puna.tokenization.TextCuts;
import dev.puna.tokenization.TextTokens;
import dev.puna.tokenization.Tokenizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of an open model.
 *
 * <p><b>Borrows</b> the {@link LoadedModel}: fails with {@link IllegalStateException} once that is closed, and the model
 * cannot close under a call. <b>Threads:</b> any.
 */
public final class Vocabulary implements Tokenizer {
    private static final TextTokens.Ends NO_ENDS = new TextTokens.Ends(new int[0], new int[0]);

    /**
     * Letters of a text whose words may all be one: std::regex, by which llama.cpp splits for some vocabularies, recurses for each letter
     * of a word, and 3,000 of them are the end of a usual stack.
     */
    private static final int SHALLOW = 512;

    /** A text that is a token, or two, in every vocabulary. */
    private static final String PROBE = "a";

    private final ModelHandle handle;
    private final LoadedModelFacts facts;
    private final NativeLifecycle model;
    private volatile @Nullable SpecialTokens specials;
    private volatile TextTokens.@Nullable Ends ends;
    private volatile @Nullable List<Integer> endsOfAnswers;

    Vocabulary(ModelHandle handle, LoadedModelFacts facts, NativeLifecycle model) {
        this.handle = handle;
        this.facts = facts;
        this.model = model;
    }

    @Override
    public int size() {
        return facts.vocabularySize();
    }

    /**
     * Splits text into tokens, a long one piece by piece.
     *
     * @param addSpecial whether to add the tokens that begin and end a text, if the model wants them
     * @param parseSpecial whether the names of control tokens in the text become those tokens
     */
    public int[] tokenize(String text, boolean addSpecial, boolean parseSpecial) {
        return parseSpecial ? tokens(text, addSpecial, () -> {}).all() : split(text, addSpecial, false);
    }

    @Override
    public TextTokens tokens(String text, boolean addSpecial, Runnable betweenPieces) {
        var cuts = new TextCuts(this::specials, part -> split(part, false, true));
        return text.length() > TextTokens.PIECE
                ? new TextTokens(text, cuts, addSpecial ? ends() : NO_ENDS, betweenPieces)
                : new TextTokens(text, split(text, addSpecial, true), cuts);
    }

    /** What llama.cpp makes of a text in one go. */
    int[] split(String text, boolean addSpecial, boolean parseSpecial) {
        var utf8 = text.getBytes(UTF_8);
        return model.use(() -> text.length() <= SHALLOW
                ? handle.tokenize(utf8, addSpecial, parseSpecial)
                : DeepStack.call(() -> handle.tokenize(utf8, addSpecial, parseSpecial)));
    }

    private SpecialTokens specials() {
        var known = specials;
        if (known == null) {
            known = new SpecialTokens(model.use(handle::specialTexts));
            specials = known;
        }
        return known;
    }

    /** What comes around the tokens of every text. */
    private TextTokens.Ends ends() {
        var known = ends;
        if (known == null) {
            var plain = split(PROBE, false, true);
            var whole = split(PROBE, true, true);
            var before = Math.max(0, Collections.indexOfSubList(list(whole), list(plain)));
            known = new TextTokens.Ends(
                    Arrays.copyOf(whole, before), Arrays.copyOfRange(whole, before + plain.length, whole.length));
            ends = known;
        }
        return known;
    }

    private static List<Integer> list(int[] tokens) {
        return Arrays.stream(tokens).boxed().toList();
    }

    @Override
    public byte[] bytes(int... tokens) {
        return detokenize(tokens, true);
    }

    /** {@link #bytes} of one token. */
    public byte[] piece(int token) {
        return bytes(token);
    }

    @Override
    public OptionalInt bos() {
        return token(facts.bos());
    }

    @Override
    public boolean addsBos() {
        return facts.addsBos();
    }

    /** The token that ends a text, else the one between two texts. */
    public OptionalInt eos() {
        return facts.eos() < 0 ? sep() : token(facts.eos());
    }

    /** The token between two texts. */
    public OptionalInt sep() {
        return token(facts.sep());
    }

    /** Whether two texts are to be parted by {@link #sep}. */
    public boolean addsSep() {
        return facts.addsSep();
    }

    @Override
    public Optional<FillInMarks> fillInMarks() {
        var marks = facts.fillIn();
        return marks.prefix() < 0 || marks.suffix() < 0 || marks.middle() < 0
                ? Optional.empty()
                : Optional.of(new FillInMarks(
                        marks.prefix(),
                        marks.suffix(),
                        marks.middle(),
                        token(marks.repository()),
                        token(marks.file())));
    }

    /** Whether {@link #tokenize} ends with the token that ends a text when it may add special tokens. */
    public boolean addsEos() {
        return facts.addsEos();
    }

    /** The tokens by which the model ends an answer. */
    public List<Integer> endsOfAnswers() {
        var known = endsOfAnswers;
        if (known == null) {
            known = list(model.use(handle::endsOfAnswers));
            endsOfAnswers = known;
        }
        return known;
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
