// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.settings;

import static java.util.Objects.requireNonNull;

import dev.puna.llama.binding.ContextParameters;
import java.util.Optional;

/**
 * What a context is made for.
 *
 * @param cells tokens that the cache holds, of all sequences together
 * @param sequences most sequences at once, 1 to 256
 * @param batchSize most tokens of one step
 * @param physicalBatchSize most tokens computed at once; embeddings need whole batches to fit
 * @param threads CPU threads for a step with one token a sequence
 * @param batchThreads CPU threads for prompts
 * @param embeddings whether the context gives vectors and not tokens
 * @param pooling how to pool vectors; empty for the model's own way
 * @param guesses tokens of a step that may be sampled from beside one of each sequence
 */
public record ContextSettings(
        int cells,
        int sequences,
        int batchSize,
        int physicalBatchSize,
        int threads,
        int batchThreads,
        boolean embeddings,
        Optional<Pooling> pooling,
        CacheType cacheType,
        FlashAttention flash,
        int guesses) {
    private static final int MOST_SEQUENCES = 256;

    /** Without guesses. */
    public ContextSettings(
            int cells,
            int sequences,
            int batchSize,
            int physicalBatchSize,
            int threads,
            int batchThreads,
            boolean embeddings,
            Optional<Pooling> pooling,
            CacheType cacheType,
            FlashAttention flash) {
        this(
                cells,
                sequences,
                batchSize,
                physicalBatchSize,
                threads,
                batchThreads,
                embeddings,
                pooling,
                cacheType,
                flash,
                0);
    }

    public ContextSettings {
        requirePositive(cells, "cells");
        requirePositive(sequences, "sequences");
        requirePositive(batchSize, "batchSize");
        requirePositive(physicalBatchSize, "physicalBatchSize");
        requirePositive(threads, "threads");
        requirePositive(batchThreads, "batchThreads");
        requireNonNull(pooling, "pooling is null");
        requireNonNull(cacheType, "cacheType is null");
        requireNonNull(flash, "flash is null");
        if (guesses < 0) {
            throw new IllegalArgumentException("guesses is " + guesses);
        }
        if (sequences > MOST_SEQUENCES) {
            throw new IllegalArgumentException(sequences + " sequences are more than " + MOST_SEQUENCES);
        }
    }

    /**
     * Most tokens of one step that may be sampled from: one a sequence, and guesses. llama.cpp reserves memory for the logits of as
     * many, which for a vocabulary of 262k and a batch of 512 would be half a gigabyte.
     */
    public int outputs() {
        return embeddings ? batchSize : Math.min(sequences + guesses, batchSize);
    }

    public ContextParameters parameters() {
        return new ContextParameters(
                cells,
                sequences,
                batchSize,
                physicalBatchSize,
                outputs(),
                threads,
                batchThreads,
                embeddings,
                pooling.map(Pooling::code).orElse(Pooling.OF_THE_MODEL),
                cacheType.code(),
                flash.code());
    }

    private static void requirePositive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value);
        }
    }
}
