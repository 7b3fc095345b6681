// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import java.nio.charset.StandardCharsets;

/**
 * Gives bytes to one reader. What the reader may throw is a {@link dev.puna.failure.Failure}; all else is a finding, and so is an
 * {@link AssertionError} of the target about what it read. <b>Threads:</b> one at a time.
 */
public interface FuzzTarget {
    /** The name of the folder of its seeds. */
    String name();

    /** Reads an input; checked exceptions that the reader declares are the target's to catch. */
    void run(byte[] input) throws Exception;

    /** What one input may cost. */
    default Bounds bounds() {
        return Bounds.USUAL;
    }

    /** Text in an input, however broken. */
    static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
