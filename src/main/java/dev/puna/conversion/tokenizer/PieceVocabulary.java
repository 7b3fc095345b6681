// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Vocabularies of {@code tokenizer.model}, with the tokens that other files add to them. */
final class PieceVocabulary {
    private static final String FILE = "tokenizer.model";
    private static final String CONFIG = "tokenizer_config.json";
    private static final float UNUSED_SCORE = -10000;
    private static final float ADDED_SCORE = -1000;

    private PieceVocabulary() {}

    static void add(Entries entries, ModelFiles files, long size) {
        write(entries, files, vocabulary(files, size));
    }

    /** Phi-3 has no tokens that look special, and adds those of {@code tokenizer.json} too. */
    static void phi3(Entries entries, ModelFiles files, long size) {
        var vocabulary = pieces(files, size);
        addedTokens(files, vocabulary);
        var decoder = decoder(files);
        decoder.values().keySet().forEach(id -> plain(vocabulary, AddedToken.of(decoder.section(id), number(id))));
        Tokenizers.json(files).ifPresent(json -> json.addedTokens().forEach(token -> plain(vocabulary, token)));
        write(entries, files, vocabulary);
    }

    private static void write(Entries entries, ModelFiles files, Vocabulary vocabulary) {
        entries.text("tokenizer.ggml.model", "llama").text("tokenizer.ggml.pre", "default");
        vocabulary.write(entries, true);
        new SpecialTokens(files, Tokenizers.json(files), false, vocabulary.size()).write(entries, files);
    }

    private static Vocabulary vocabulary(ModelFiles files, long size) {
        var vocabulary = pieces(files, size);
        addedTokens(files, vocabulary);
        var decoder = decoder(files);
        for (var key : decoder.values().keySet()) {
            var id = number(key);
            if (id >= vocabulary.size()) {
                continue;
            }
            var token = AddedToken.of(decoder.section(key), id);
            if (token.special() || JsonVocabulary.looksSpecial(token.content())) {
                vocabulary.set(id, bytes(token.content()), ADDED_SCORE, Vocabulary.CONTROL);
            } else {
                vocabulary.set(id, bytes(token.content().replace("▁", " ")), ADDED_SCORE, Vocabulary.USER_DEFINED);
            }
        }
        return vocabulary;
    }

    private static Vocabulary pieces(ModelFiles files, long size) {
        var model = SentencePiece.read(
                FILE, files.path(FILE).orElseThrow(() -> new InvalidRequest("the model lacks the file " + FILE)));
        var vocabulary = new Vocabulary(size <= 0 ? model.size() : (int) size, UNUSED_SCORE);
        for (var id = 0; id < Math.min(model.size(), vocabulary.size()); id++) {
            vocabulary.set(id, model.piece(id), model.score(id), model.type(id));
        }
        return vocabulary;
    }

    private static void addedTokens(ModelFiles files, Vocabulary vocabulary) {
        var name = "added_tokens.json";
        var added = new Config(name, Json.object(files, name).orElse(Map.of()));
        added.values().keySet().forEach(text -> {
            var id = added.whole(text);
            if (id < 0) {
                throw added.wrong("an id", text);
            }
            if (id < vocabulary.size()) {
                vocabulary.set((int) id, bytes(text), ADDED_SCORE, Vocabulary.USER_DEFINED);
            }
        });
    }

    private static void plain(Vocabulary vocabulary, AddedToken token) {
        if (token.id() >= vocabulary.size()) {
            throw new InvalidRequest("the added token " + Quoted.of(token.content()) + " has the id " + token.id()
                    + ", but 'vocab_size' in config.json is " + vocabulary.size()
                    + ": these are files of different models");
        }
        var type = token.special() ? Vocabulary.CONTROL : Vocabulary.USER_DEFINED;
        vocabulary.set(token.id(), bytes(token.content()), ADDED_SCORE, type);
    }

    private static Config decoder(ModelFiles files) {
        return Tokenizers.configuration(files).section("added_tokens_decoder");
    }

    private static int number(String id) {
        try {
            var number = Integer.parseInt(id);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new InvalidRequest(CONFIG + ": 'added_tokens_decoder' has " + Quoted.of(id) + ", which is no id");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
