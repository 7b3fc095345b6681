// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a model is loaded; a change of any of these loads it anew. Source: contract 2.
 *
 * @param numCtx length of the context in tokens, at least 4; absent lets the server choose
 * @param numBatch tokens processed in one step, at least 1; absent lets the server choose
 * @param numGpu layers on the accelerator; -1 lets the server choose
 * @param mainGpu the only accelerator to use; absent uses what fits
 * @param useMmap whether the weights are mapped; absent lets the server choose
 * @param numThread threads that compute; 0 lets the server choose
 */
public record RunnerOptions(
        OptionalInt numCtx,
        OptionalInt numBatch,
        int numGpu,
        OptionalInt mainGpu,
        Optional<Boolean> useMmap,
        int numThread) {
    /** The shortest context there is: shorter ones are made this long. */
    public static final int SHORTEST_CONTEXT = 4;

    /** What a model gets that says nothing. */
    public static final RunnerOptions DEFAULT =
            new RunnerOptions(OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.empty(), 0);

    /** Refuses null. */
    public RunnerOptions {
        requireNonNull(numCtx, "numCtx is null");
        requireNonNull(numBatch, "numBatch is null");
        requireNonNull(mainGpu, "mainGpu is null");
        requireNonNull(useMmap, "useMmap is null");
    }

    /** The same with another length of the context. */
    public RunnerOptions withContext(int tokens) {
        return new RunnerOptions(OptionalInt.of(tokens), numBatch, numGpu, mainGpu, useMmap, numThread);
    }

    /** The same with another number of tokens in one step. */
    public RunnerOptions withBatch(int tokens) {
        return new RunnerOptions(
                numCtx,
                numBatch.isPresent() ? OptionalInt.of(Math.min(tokens, numBatch.getAsInt())) : numBatch,
                numGpu,
                mainGpu,
                useMmap,
                numThread);
    }

    /** The same with another number of layers on the accelerator, -1 to let the server choose. */
    public RunnerOptions withGpuLayers(int layers) {
        return new RunnerOptions(numCtx, numBatch, layers, mainGpu, useMmap, numThread);
    }
}
