// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.GgufValue;
import dev.puna.gguf.GgufValueType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The vocabularies of XLM-RoBERTa: Unigram models, of SentencePiece's own file or of {@code tokenizer.json}. */
final class UnigramVocabulary {
    private static final String FILE = "sentencepiece.bpe.model";
    private static final String PREFIX = "tokenizer.ggml.";
    private static final float UNUSED_SCORE = -10000;
    private static final int UNKNOWN_ID = 3;
    /** Where the token for what is masked is, which the file of SentencePiece lacks. */
    private static final int MASK = 250_001;
    /** The tokens that fairseq put before those of SentencePiece, which has three of them in another order. */
    private static final List<String> FIRST = List.of("<s>", "<pad>", "</s>", "<unk>");

    private UnigramVocabulary() {}

    static void add(Entries entries, ModelFiles files, long size, boolean withMask) {
        if (files.has(FILE)) {
            ofModel(entries, files, size, withMask);
        } else {
            ofJson(entries, files, size);
        }
    }

    private static void ofModel(Entries entries, ModelFiles files, long size, boolean withMask) {
        var model = SentencePiece.read(FILE, files.path(FILE).orElseThrow());
        if (model.modelType() != SentencePiece.UNIGRAM) {
            throw new InvalidRequest(FILE + " must hold a Unigram model");
        }
        var before = (int) Math.max(size, model.size());
        var vocabulary = new Vocabulary(before, UNUSED_SCORE);
        for (var id = 0; id < vocabulary.size(); id++) {
            var piece = id - 1;
            if (id < FIRST.size()) {
                var type = id == UNKNOWN_ID ? Vocabulary.UNKNOWN : Vocabulary.CONTROL;
                vocabulary.set(id, FIRST.get(id).getBytes(StandardCharsets.UTF_8), 0, type);
            } else if (piece < model.size()) {
                vocabulary.set(id, model.piece(piece), model.score(piece), model.type(piece));
            } else {
                vocabulary.set(
                        id, ("[PAD" + piece + "]").getBytes(StandardCharsets.UTF_8), UNUSED_SCORE, Vocabulary.UNUSED);
            }
        }
        if (withMask && MASK < vocabulary.size()) {
            vocabulary.set(MASK, "<mask>".getBytes(StandardCharsets.UTF_8), 0, Vocabulary.CONTROL);
        }
        write(entries, files, vocabulary, model.dummyPrefix(), model.removesSpaces(), model.charactersMap());
    }

    private static void ofJson(Entries entries, ModelFiles files, long size) {
        var tokenizer = new LoadedTokenizer(files);
        var file = tokenizer.file();
        var pieces = file.pieces();
        if (!pieces.scored()) {
            throw new InvalidRequest(TokenizerJson.FILE + " must hold a Unigram model, a list of tokens with scores");
        }
        var vocabulary = new Vocabulary((int) Math.max(size, pieces.size()), UNUSED_SCORE);
        var unknown = Optional.ofNullable(tokenizer.config().values().get("unk_token"))
                .map(token -> token instanceof String text && tokenizer.added().has(text) ? text : "")
                .filter(text -> !text.isEmpty())
                .flatMap(tokenizer.added()::id)
                .orElseGet(() -> (int) file.model().whole("unk_id", UNKNOWN_ID));
        var specialIds = tokenizer.specialIds();
        for (var id = 0; id < pieces.size(); id++) {
            var type = Vocabulary.NORMAL;
            if (id == unknown) {
                type = Vocabulary.UNKNOWN;
            } else if (specialIds.contains(id)) {
                type = Vocabulary.CONTROL;
            } else if (tokenizer.added().token(id).isPresent()) {
                type = Vocabulary.USER_DEFINED;
            }
            vocabulary.set(id, pieces.bytes(id), pieces.score(id), type);
        }
        var map = file.part("normalizer")
                .flatMap(UnigramVocabulary::charactersMap)
                .orElseThrow(() ->
                        new InvalidRequest(TokenizerJson.FILE + " lacks 'precompiled_charsmap' in its normalizer"));
        write(
                entries,
                files,
                vocabulary,
                tokenizer.config().bool("add_prefix_space", false),
                tokenizer.config().bool("clean_up_tokenization_spaces", false),
                map);
    }

    /** How many kinds of tokens a model of the BERT family tells apart: texts and the texts that go with them. */
    static long tokenTypes(ModelFiles files) {
        return Config.read(files, "config.json").whole("type_vocab_size", 1);
    }

    private static Optional<byte[]> charactersMap(Config normalizer) {
        if (normalizer.set("normalizers")) {
            return Normalization.parts(normalizer, "normalizers").stream()
                    .flatMap(one -> charactersMap(one).stream())
                    .findFirst();
        }
        try {
            return normalizer.text("precompiled_charsmap").map(Base64.getDecoder()::decode);
        } catch (IllegalArgumentException _) {
            throw normalizer.wrong("base64", "precompiled_charsmap");
        }
    }

    private static void write(
            Entries entries,
            ModelFiles files,
            Vocabulary vocabulary,
            boolean prefix,
            boolean removesSpaces,
            byte[] charactersMap) {
        entries.text(PREFIX + "model", "t5").text(PREFIX + "pre", "default");
        vocabulary.write(entries, true);
        entries.bool(PREFIX + "add_space_prefix", prefix);
        entries.uint32(PREFIX + "token_type_count", tokenTypes(files));
        entries.bool(PREFIX + "remove_extra_whitespaces", removesSpaces);
        if (charactersMap.length > 0) {
            entries.put(
                    PREFIX + "precompiled_charsmap",
                    new GgufValue.Packed(GgufValueType.UINT8, charactersMap.length, ByteBuffer.wrap(charactersMap)));
        }
        new SpecialTokens(files, Tokenizers.json(files), false, vocabulary.size()).write(entries, files);
    }
}
