// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

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
    /** Pieces of words, as BERT has them. */
    WORD_PIECE,
    /** The Unigram models of XLM-RoBERTa. */
    UNIGRAM,
    /** Byte pairs over words that white space separates, without bytes as letters. */
    WHITESPACE
}
