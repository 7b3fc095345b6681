// SPDX-License-Identifier: Apache-2.0
package dev.puna.caller;

/** Tells for whom this thread works. */
@FunctionalInterface
public interface Callers {
    /** Where nobody tells requests apart. */
    Callers NOBODY = () -> Caller.NOBODY;

    /** The caller of the request that this thread handles, or {@link Caller#NOBODY}. */
    Caller current();
}
