// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokeniser of a model as metadata of its GGUF, with the keys, the order and the values of llama.cpp's converter. Some 100 MB are
 * in use while half a million merges are read, some 20 MB stay in the entries. Any thread.
 */
public final class Tokenizers {
    private static final String MODEL = "tokenizer.model";
    private static final String SPACE_PREFIX = "tokenizer.ggml.add_space_prefix";
    /** The size of CodeLlama's vocabulary, which has its end of turns at a place of its own. */
    private static final long CODE_LLAMA = 32016;

    private static final long CODE_LLAMA_END = 32010;
    /** The size of the vocabulary of small Granite models, which want no token before a text. */
    private static final long GRANITE = 49152;

    private static final long GEMMA_END = 107;

    private Tokenizers() {}

    /** As {@link #add(Entries, ModelFiles, TokenizerKind, long, Map)}, with nothing but what the files say. */
    public static List<String> add(Entries entries, ModelFiles files, TokenizerKind kind, long vocabularySize) {
        return add(entries, files, kind, vocabularySize, Map.of());
    }

    /**
     * Adds the entries {@code tokenizer.*}.
     *
     * @param vocabularySize {@code vocab_size} of the model's configuration; negative where it says none
     * @param special texts of added tokens by what they are ({@code bos, eos, unk, eot, eom}), where files do not say that; in the
     *     order in which they are added
     * @return what the user should know, as sentences
     */
    public static List<String> add(
            Entries entries, ModelFiles files, TokenizerKind kind, long vocabularySize, Map<String, String> special) {
        if (vocabularySize > Pieces.MAX_ID) {
            throw new InvalidRequest(
                    "config.json: 'vocab_size' is " + vocabularySize + ", more than any vocabulary has");
        }
        var warnings = new ArrayList<String>();
        var byModel = files.has(MODEL);
        switch (kind) {
            case GPT2 -> JsonVocabulary.bytePairs(entries, files, vocabularySize, special, warnings::add);
            case SENTENCE_PIECE -> PieceVocabulary.add(entries, files, vocabularySize);
            case SENTENCE_PIECE_OR_GPT2 -> {
                if (byModel) {
                    PieceVocabulary.add(entries, files, vocabularySize);
                } else {
                    JsonVocabulary.bytePairs(entries, files, vocabularySize, special, warnings::add);
                }
            }
            case GPT2_OR_SENTENCE_PIECE -> {
                if (files.has(TokenizerJson.FILE)) {
                    JsonVocabulary.bytePairs(entries, files, vocabularySize, special, warnings::add);
                } else {
                    PieceVocabulary.add(entries, files, vocabularySize);
                }
            }
            case LLAMA -> llama(entries, files, vocabularySize, special, warnings);
            case GEMMA -> {
                PieceVocabulary.add(entries, files, vocabularySize);
                if (!entries.asMap().containsKey("tokenizer.ggml.eot_token_id")) {
                    entries.uint32("tokenizer.ggml.eot_token_id", GEMMA_END);
                }
                entries.bool(SPACE_PREFIX, false);
            }
            case GEMMA3 -> {
                if (byModel) {
                    PieceVocabulary.add(entries, files, vocabularySize);
                    entries.bool(SPACE_PREFIX, false);
                } else {
                    JsonVocabulary.bytePairs(entries, files, vocabularySize, special, warnings::add);
                }
            }
            case GEMMA4 -> JsonVocabulary.gemma4(entries, files);
            case PHI3 -> {
                if (configuration(files).text("tokenizer_class").orElse("").equals("GPT2Tokenizer")) {
                    JsonVocabulary.bytePairs(entries, files, vocabularySize, special, warnings::add);
                } else {
                    PieceVocabulary.phi3(entries, files, vocabularySize);
                }
            }
            case WORD_PIECE -> JsonVocabulary.wordPieces(entries, files, vocabularySize, warnings::add);
            case UNIGRAM -> UnigramVocabulary.add(entries, files, vocabularySize, false);
            case UNIGRAM_WITH_MASK -> UnigramVocabulary.add(entries, files, vocabularySize, true);
            case ROBERTA -> {
                JsonVocabulary.bytePairs(entries, files, vocabularySize, Map.of(), warnings::add);
                entries.uint32("tokenizer.ggml.token_type_count", UnigramVocabulary.tokenTypes(files));
            }
            case MODERN_BERT, EURO_BERT -> {
                around(entries, kind == TokenizerKind.MODERN_BERT);
                JsonVocabulary.bytePairs(entries, files, vocabularySize, special, warnings::add);
            }
            case JINA_BERT -> jina(entries, files, vocabularySize, warnings);
            case WHITESPACE -> JsonVocabulary.whitespace(entries, files, vocabularySize);
        }
        return warnings;
    }

    /** ModernBERT has tokens around each text, EuroBERT none before it. */
    private static void around(Entries entries, boolean modern) {
        entries.bool("tokenizer.ggml.add_bos_token", modern);
        if (modern) {
            entries.bool("tokenizer.ggml.add_eos_token", true).bool("tokenizer.ggml.add_sep_token", true);
        }
    }

    private static void jina(Entries entries, ModelFiles files, long size, List<String> warnings) {
        switch (configuration(files).text("tokenizer_class").orElse("")) {
            case "BertTokenizer" -> JsonVocabulary.wordPieces(entries, files, size, warnings::add);
            case "RobertaTokenizer" -> {
                var words = json(files)
                        .filter(json -> json.partType("pre_tokenizer").equals("Whitespace"));
                if (words.isPresent()) {
                    JsonVocabulary.whitespace(entries, files, size);
                } else {
                    JsonVocabulary.bytePairs(entries, files, size, Map.of(), warnings::add);
                }
                entries.uint32("tokenizer.ggml.token_type_count", 2);
            }
            default ->
                throw new InvalidRequest(
                        "tokenizer_config.json: 'tokenizer_class' must be BertTokenizer or RobertaTokenizer in a model of Jina's BERT");
        }
    }

    private static void llama(
            Entries entries, ModelFiles files, long size, Map<String, String> special, List<String> warnings) {
        var prefix = configuration(files).find("add_prefix_space");
        if (prefix.isPresent()) {
            entries.bool(SPACE_PREFIX, configuration(files).truthy("add_prefix_space"));
        }
        if (files.has(MODEL)) {
            PieceVocabulary.add(entries, files, size);
        } else {
            var tokenizer = new LoadedTokenizer(files);
            if (JsonVocabulary.isLlama(tokenizer.file())) {
                JsonVocabulary.llama(entries, files, tokenizer);
            } else {
                JsonVocabulary.bytePairs(entries, files, tokenizer, size, special, warnings::add);
            }
        }
        if (size == CODE_LLAMA) {
            entries.uint32("tokenizer.ggml.eot_token_id", CODE_LLAMA_END);
        }
        if (size == GRANITE) {
            entries.bool("tokenizer.ggml.add_bos_token", false);
        }
    }

    static Config configuration(ModelFiles files) {
        return new Config(
                "tokenizer_config.json",
                Json.object(files, "tokenizer_config.json").orElse(Map.of()));
    }

    /** {@code tokenizer.json} if it is there. */
    static Optional<TokenizerJson> json(ModelFiles files) {
        return files.path(TokenizerJson.FILE).map(TokenizerReader::read);
    }
}
