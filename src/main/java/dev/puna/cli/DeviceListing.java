// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import java.util.Map;

/**
 * Looks at what models can be computed on, in this process: the one thing here that needs native libraries, and so is given
 * from outside.
 */
@FunctionalInterface
public interface DeviceListing {

    /**
     * What was found, as JSON: {@code folder}, {@code version}, {@code devices} with {@code name}, {@code backend},
     * {@code description}, {@code type}, {@code memory_free} and {@code memory_total} in bytes, {@code cpu} for the instructions
     * that the CPU's library uses, {@code rejected} with {@code file} and {@code reason}, {@code isolation} for how the process of a model is locked up, and {@code variables} that are set.
     *
     * @param environment variables of the process
     * @throws dev.puna.failure.Failure if there are no native libraries, or they cannot be used
     */
    String json(Map<String, String> environment);
}
