// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.convert;

import dev.puna.model.WeightPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Writes a GGUF file anew with weights of another type, in this process: it needs native libraries, and so is given from outside. */
@FunctionalInterface
public interface FileQuantizer {

    /**
     * Blocks until the file is written, minutes for a large model.
     *
     * @param environment variables of the process, which say where the libraries are
     * @param output is written anew; of no use if this fails
     * @param plan what the weights become
     * @param done told of the share that is done, from 0 to 1, some times a second
     * @throws dev.puna.failure.Failure if there are no native libraries, or it cannot be done
     */
    void quantize(Map<String, String> environment, Path file, Path output, WeightPlan plan, DoubleConsumer done);
}
