// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

/**
 * The memory that one request may fill while it is read. Whoever is about to make objects of a body takes room for them first,
 * by an estimate that is rather too large. <b>Threads:</b> one at a time.
 */
@FunctionalInterface
public interface Room {
    /** Without bounds: for what is known to be small. */
    Room BOUNDLESS = _ -> {};

    /** Header and fields of a string, without its characters. */
    int TEXT = 56;

    /** An element of a list: its place there and in a copy, and what says where it stands in the body. */
    int ELEMENT = 96;

    /** An empty map and the object around it. */
    int MAP = 200;

    /** A key of a map without its characters: entry, place in the table, value. */
    int MEMBER = 280;

    /**
     * Takes some of it, waiting for a bounded time where others have it.
     *
     * @param bytes of the heap, an estimate
     * @throws RuntimeException if there is not so much, or not in time
     */
    void take(long bytes);
}
