// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import java.util.OptionalInt;

/**
 * What of {@code llama_model_params} is ours to set.
 *
 * @param gpuLayers layers kept on GPUs, -1 for all
 * @param mainGpu the one GPU to use; empty to spread over all
 */
public record ModelParameters(int gpuLayers, OptionalInt mainGpu, boolean memoryMap, boolean vocabularyOnly) {}
