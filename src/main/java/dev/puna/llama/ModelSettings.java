// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/**
 * How to load a model.
 *
 * @param gpuLayers layers to keep on GPUs; -1 for all of them
 * @param mainGpu the one GPU to use; empty to spread the layers over all
 * @param memoryMap whether to map the file into memory where the devices can use it so, or to read it
 * @param vocabularyOnly whether to leave the weights out: such a model can split text into tokens and nothing else
 */
public record ModelSettings(int gpuLayers, OptionalInt mainGpu, boolean memoryMap, boolean vocabularyOnly) {
    public ModelSettings {
        requireNonNull(mainGpu, "mainGpu is null");
    }

    /** The whole model, mapped, on the GPUs if there are any. */
    public static ModelSettings defaults() {
        return new ModelSettings(-1, OptionalInt.empty(), true, false);
    }
}
