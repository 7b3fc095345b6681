// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import java.util.List;

/**
 * How a model is to be loaded.
 *
 * @param devices names of those that hold layers, in the order of the layers; none for the CPU alone
 * @param layers how many each of them holds, the output counting as one
 */
public record ModelParameters(List<String> devices, List<Integer> layers, boolean memoryMap, boolean vocabularyOnly) {
    public ModelParameters {
        devices = List.copyOf(devices);
        layers = List.copyOf(layers);
    }
}
