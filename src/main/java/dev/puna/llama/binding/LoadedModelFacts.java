// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

/**
 * What never changes about a loaded model.
 *
 * @param bos the token that begins a text, or a negative number
 * @param scoreCount the numbers that a reranking model gives for a text
 * @param attentionWindow how many tokens back layers of sliding-window attention see, the token itself included; 0 without any
 */
public record LoadedModelFacts(
        int vocabularySize,
        int bos,
        boolean addsBos,
        boolean addsEos,
        int embeddingLength,
        int scoreCount,
        boolean recurrent,
        int attentionWindow) {}
