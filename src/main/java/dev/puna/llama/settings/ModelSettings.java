// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.settings;

import static java.util.Objects.requireNonNull;

import dev.puna.device.Placement;

/**
 * How to load a model.
 *
 * @param placement where the layers lie
 * @param memoryMap whether to map the file into memory where the devices can use it so, or to read it
 * @param vocabularyOnly whether to leave the weights out: such a model can split text into tokens and nothing else
 */
public record ModelSettings(Placement placement, boolean memoryMap, boolean vocabularyOnly) {
    public ModelSettings {
        requireNonNull(placement, "placement is null");
    }
}
