// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

/** Conditions on a string, taken together, need a larger automaton than is worth it; the caller names them. */
public final class TooManyStates extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TooManyStates() {
        super("too many states", null, false, false);
    }
}
