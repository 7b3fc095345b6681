// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

/**
 * What a loaded model is.
 *
 * @param contextLength tokens that one sequence may hold (prompt and answer)
 * @param sequences how many sequences run together
 */
public record EngineFacts(int contextLength, int sequences) {
    public EngineFacts {
        if (contextLength < 1 || sequences < 1) {
            throw new IllegalArgumentException(sequences + " sequences of " + contextLength + " tokens");
        }
    }
}
