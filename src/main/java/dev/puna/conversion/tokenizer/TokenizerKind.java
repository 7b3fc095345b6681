// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;

/** How the vocabulary of an architecture is written, for those that have a choice of files with the order in which they count. */
public enum TokenizerKind {
    /** Byte pairs of {@code tokenizer.json}. */
    GPT2,
    /** {@code tokenizer.model} and nothing else. */
    SENTENCE_PIECE,
    /** {@code tokenizer.model}, or else byte pairs of {@code tokenizer.json}. */
    SENTENCE_PIECE_OR_GPT2,
    /** Byte pairs of {@code tokenizer.json}, or else {@code tokenizer.model}. */
    GPT2_OR_SENTENCE_PIECE,
    /** As the Llama family has it: {@code tokenizer.model}, a {@code tokenizer.json} made of such, or byte pairs. */
    LLAMA,
    /** The first Gemma: {@code tokenizer.model} with the end of turns that it does not name. */
    GEMMA,
    /** Gemma 2 and 3: {@code tokenizer.model}, or else byte pairs. */
    GEMMA3,
    /** Gemma 4: {@code tokenizer.json} with merges over whole texts. */
    GEMMA4,
    /** Phi-3 and Phi-4: {@code tokenizer.model} with the added tokens of {@code tokenizer.json}, or byte pairs. */
    PHI3,
    /** Pieces of words, as BERT has them; with the number of token types. */
    WORD_PIECE,
    /** The Unigram models of XLM-RoBERTa; with the number of token types. */
    UNIGRAM,
    /** Byte pairs over words that white space separates, without bytes as letters. */
    WHITESPACE,
    /** The Unigram model of Nomic's experts, with the token for what is masked. */
    UNIGRAM_WITH_MASK,
    /** Byte pairs of RoBERTa, with the number of token types. */
    ROBERTA,
    /** Byte pairs of ModernBERT, with tokens around each text. */
    MODERN_BERT,
    /** Byte pairs of EuroBERT. */
    EURO_BERT,
    /** Jina's BERT: pieces of words, byte pairs, or words between white space. */
    JINA_BERT;

    /** Whether {@code tokenizer.json} has a Unigram model; one that has neither that nor pieces of words is refused. */
    public static boolean isUnigram(ModelFiles files) {
        var type = Tokenizers.json(files).map(TokenizerJson::modelType).orElse("");
        if (!type.equals("Unigram") && !type.equals("WordPiece")) {
            throw new InvalidRequest(TokenizerJson.FILE + " must hold a model of the type Unigram or WordPiece");
        }
        return type.equals("Unigram");
    }
}
