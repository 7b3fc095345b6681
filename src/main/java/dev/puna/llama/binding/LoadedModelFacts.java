// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

/**
 * What never changes about a loaded model.
 *
 * @param bos the token that begins a text, or a negative number
 * @param eos the token that ends a text, or a negative number
 * @param sep the token between two texts, or a negative number
 * @param fillIn the tokens for prefix, suffix, middle, repository and file of a gap, each maybe a negative number
 * @param scoreCount the numbers that a reranking model gives for a text
 * @param attentionWindow how many tokens back layers of sliding-window attention see, the token itself included; 0 without any
 */
public record LoadedModelFacts(
        int vocabularySize,
        int bos,
        int eos,
        int sep,
        boolean addsBos,
        boolean addsEos,
        boolean addsSep,
        FillInTokens fillIn,
        int embeddingLength,
        int scoreCount,
        boolean recurrent,
        int attentionWindow) {

    /** Tokens that mark the parts of a text with a gap; those that the model does not have are negative. */
    public record FillInTokens(int prefix, int suffix, int middle, int repository, int file) {}
}
