// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.engine.EngineSpec;
import dev.puna.model.RunnerOptions;

/**
 * How a model is, or is to be, loaded.
 *
 * @param spec what the engine is told
 * @param asked what the first request said
 * @param gpus whether there are GPUs, without which options about them mean nothing
 * @param whole whether every layer lies on a GPU
 * @param longestContext tokens that no context of this model exceeds
 * @param usualContext tokens of a context when nobody says
 * @param usualBatch tokens of a step when nobody says
 * @param usualThreads threads when nobody says
 * @param need memory expected
 * @param fits whether that much is free
 */
public record LoadPlan(
        EngineSpec spec,
        RunnerOptions asked,
        boolean gpus,
        boolean whole,
        int longestContext,
        int usualContext,
        int usualBatch,
        int usualThreads,
        MemoryRequirement need,
        boolean fits) {

    /** Whether weights are mapped if the request does not say. */
    static final boolean USUAL_MAP = true;

    private static final int SHORTEST_CONTEXT_WITH_IMAGES = 2048;

    /**
     * Whether a request with these options can use what was loaded by this plan. What somebody asked for is not handed on to one
     * who leaves it open: a short context would cut the other's texts. Source: contract 7.2.
     */
    public boolean serves(RunnerOptions wanted) {
        var threads = wanted.numThread() > 0 ? wanted.numThread() : usualThreads;
        return servesContext(wanted)
                && servesBatch(wanted)
                && (!gpus || servesOnGpus(wanted))
                && wanted.useMmap().orElse(asked.useMmap().isEmpty() ? spec.memoryMap() : USUAL_MAP) == spec.memoryMap()
                && threads == spec.threads();
    }

    private boolean servesContext(RunnerOptions wanted) {
        if (wanted.numCtx().isEmpty() && asked.numCtx().isEmpty()) {
            return true;
        }
        var context = wanted.numCtx().orElse(usualContext);
        return bounded(context, longestContext, spec.files().projector().isPresent()) == spec.contextLength();
    }

    private boolean servesBatch(RunnerOptions wanted) {
        return wanted.numBatch().equals(asked.numBatch())
                || batch(wanted, usualBatch, spec.sequences(), spec.contextLength()) == spec.batchSize();
    }

    private boolean servesOnGpus(RunnerOptions wanted) {
        return (wanted.numGpu() < 0 || wanted.numGpu() == asked.numGpu())
                && wanted.mainGpu().equals(asked.mainGpu());
    }

    /** Whether one load serves both requests, decided before there is a plan. */
    public static boolean sameLoad(RunnerOptions first, RunnerOptions second) {
        return second.numCtx().equals(first.numCtx())
                && second.numBatch().equals(first.numBatch())
                && (second.numGpu() < 0 || second.numGpu() == first.numGpu())
                && second.mainGpu().equals(first.mainGpu())
                && second.useMmap().equals(first.useMmap())
                && second.numThread() == first.numThread();
    }

    /**
     * Tokens of one step: as many as asked for, but one at least of each sequence, below which llama.cpp ends the process, and no
     * more than the context or the usual number, if that is larger: nothing could fill what would be set aside for them.
     */
    static int batch(RunnerOptions options, int usual, int sequences, int context) {
        var asked = options.numBatch().orElse(usual);
        return Math.max(sequences, Math.min(asked, Math.max(usual, context)));
    }

    /**
     * A context as long as asked for, but neither shorter nor longer than there can be. Source: contract 2.
     *
     * @param sees whether images, which are long, have to find room
     */
    static int bounded(int context, int longest, boolean sees) {
        var shortest = sees ? SHORTEST_CONTEXT_WITH_IMAGES : RunnerOptions.SHORTEST_CONTEXT;
        return Math.max(RunnerOptions.SHORTEST_CONTEXT, Math.min(Math.max(context, shortest), longest));
    }
}
