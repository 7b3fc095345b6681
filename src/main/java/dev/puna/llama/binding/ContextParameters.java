// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

/**
 * What of {@code llama_context_params} is ours to set.
 *
 * @param cells tokens that the cache holds, of all sequences together
 * @param outputs most tokens of a batch that may ask for logits, 0 for as many as it holds
 * @param pooling a {@code llama_pooling_type}
 * @param cacheType a {@code ggml_type}
 * @param flashAttention a {@code llama_flash_attn_type}
 */
public record ContextParameters(
        int cells,
        int sequences,
        int batchSize,
        int physicalBatchSize,
        int outputs,
        int threads,
        int batchThreads,
        boolean embeddings,
        int pooling,
        int cacheType,
        int flashAttention) {}
