// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of a model's directory as the metadata of a GGUF: {@code tokenizer.json} (BPE, Unigram, WordPiece) or
 * {@code tokenizer.model} (SentencePiece), added and special tokens, chat templates, and which pre-tokeniser of llama.cpp cuts
 * texts as this tokeniser does.
 *
 * <p>Vocabularies are read as a stream and held as bytes ({@link dev.puna.conversion.tokenizer.Texts}): half a million merges take
 * some 20 MB. Whatever contradicts itself is an {@link dev.puna.failure.InvalidRequest} that names the file.
 */
@NullMarked
package dev.puna.conversion.tokenizer;

import org.jspecify.annotations.NullMarked;
