// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

/** Who counts the memory of a request: told once its prompt has been made. */
@FunctionalInterface
public interface RequestMemory {
    /** For requests whose memory nobody counts. */
    RequestMemory UNCOUNTED = _ -> {};

    /**
     * The request is no longer needed. On a thread of the engine, which must not be held up.
     *
     * @param bytes that are still held of what was made of it
     */
    void keepOnly(long bytes);
}
