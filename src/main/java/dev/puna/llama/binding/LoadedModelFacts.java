// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import java.util.Optional;

/**
 * What never changes about a loaded model.
 *
 * @param bos the token that begins a text, or a negative number
 * @param eos the token that ends a text, or a negative number
 * @param scoreCount the numbers that a reranking model gives for a text
 * @param attentionWindow how many tokens back layers of sliding-window attention see, the token itself included; 0 without any
 */
public record LoadedModelFacts(
        int vocabularySize,
        int bos,
        int eos,
        boolean addsBos,
        boolean addsEos,
        int trainedContextLength,
        int embeddingLength,
        int scoreCount,
        int layerCount,
        long sizeBytes,
        long parameterCount,
        boolean recurrent,
        int attentionWindow,
        boolean hasEncoder,
        boolean hasDecoder,
        Optional<String> chatTemplate) {}
