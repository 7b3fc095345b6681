// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import java.util.List;

/**
 * What became of a copy.
 *
 * @param kept the runners of what was copied
 * @param left the runners of what was not, since it is not here
 */
public record Copied(List<String> kept, List<String> left) {
    /** Copies the lists. */
    public Copied {
        kept = List.copyOf(kept);
        left = List.copyOf(left);
    }
}
