// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tokenizer.json} holds. Its normaliser, pre-tokeniser and so on are objects as they stand there. <b>Threads:</b> one.
 */
final class TokenizerJson {
    static final String FILE = "tokenizer.json";
    private static final String MODEL = FILE + " model";

    private final Pieces pieces;
    private final Texts merges;
    private final boolean mergesArePairs;
    private final Config model;
    private final List<AddedToken> addedTokens;
    private final Map<String, Config> parts;

    /**
     * @param merges each with a byte 255 between its two parts
     * @param mergesArePairs whether the file has them as lists of two, whose parts may have spaces in them
     * @param model without vocabulary and merges
     * @param parts objects beside the model
     */
    TokenizerJson(
            Pieces pieces,
            Texts merges,
            boolean mergesArePairs,
            Map<String, @Nullable Object> model,
            List<AddedToken> addedTokens,
            Map<String, Config> parts) {
        this.pieces = pieces;
        this.merges = merges;
        this.mergesArePairs = mergesArePairs;
        this.model = new Config(MODEL, model);
        this.addedTokens = List.copyOf(addedTokens);
        this.parts = Map.copyOf(parts);
    }

    Pieces pieces() {
        return pieces;
    }

    Texts merges() {
        return merges;
    }

    boolean mergesArePairs() {
        return mergesArePairs;
    }

    /** The model's settings. */
    Config model() {
        return model;
    }

    /** BPE, Unigram, WordPiece or another; files of before 2021 leave it to be guessed. */
    String modelType() {
        return model.text("type").orElseGet(() -> {
            if (pieces.scored()) {
                return "Unigram";
            }
            return merges.count() > 0 ? "BPE" : "WordPiece";
        });
    }

    /** In the order of the file. */
    List<AddedToken> addedTokens() {
        return addedTokens;
    }

    /** The object under a name, {@code normalizer} for one; nothing where it is not there or null. */
    Optional<Config> part(String name) {
        return Optional.ofNullable(parts.get(name));
    }

    /** The type of such an object; empty where it is not there. */
    String partType(String name) {
        return part(name).flatMap(part -> part.text("type")).orElse("");
    }
}
