// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.model.WeightPlan;
import java.nio.file.Path;
import java.util.List;

/** Writes models anew with weights of another type. */
public interface Quantizer {

    /**
     * Writes a model with other weights; blocks until that is done, minutes for a large model.
     *
     * <p>When the disk is full this may return all the same, but then what it wrote is no GGUF.
     *
     * @param files the GGUF file, or all parts of a split one in order
     * @param output where to write it, one file in any case; of no use if this fails
     * @param plan what the weights become; the importance matrix lies where it says
     * @param progress how far it is, and the way to stop it between two tensors
     * @throws dev.puna.failure.NativeFailure with the library's own reason if it cannot be done
     * @throws dev.puna.failure.Cancelled if {@code progress} was cancelled
     */
    void quantize(List<Path> files, Path output, WeightPlan plan, Loading progress);
}
