// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

/**
 * The memory that one request may fill. Whoever is about to make objects of a body takes room for them first.
 *
 * <p>The numbers are bytes on a heap of references of eight bytes, measured over 100,000 objects of each kind (JDK 25 without compressed
 * references, which is how objects lie in the executable) and rounded up. <b>Threads:</b> one at a time.
 */
public interface Room {
    /** Without bounds: for what is known to be small. */
    Room BOUNDLESS = new Room() {
        @Override
        public void take(long bytes) {}

        @Override
        public void borrow(long bytes) {}

        @Override
        public void giveBack(long bytes) {}

        @Override
        public long borrowed() {
            return 0;
        }

        @Override
        public void plan(long bytes) {}

        @Override
        public void forgo(long bytes) {}

        @Override
        public long planned() {
            return 0;
        }
    };

    /** Header and fields of a string, without its characters: 56. */
    int TEXT = 56;

    /** An element of a list as it stands in the body, with its place in a list that grows: 49. */
    int ELEMENT = 64;

    /** The place of an element in a list, and in a copy of that. */
    int SLOT = 24;

    /** A map that is not empty and the object around it: 200. */
    int MAP = 200;

    /** A field of an object without the characters of its name: entry, name, place of errors, value: 275. */
    int MEMBER = 280;

    /** A plain value or a key in a tree of plain objects, without the characters of a text: 54, and 108 for both. */
    int VALUE = 56;

    /**
     * Takes some for what stays until the answer has begun.
     *
     * @throws RuntimeException if there is not so much, or not after waiting for a bounded time where others have it
     */
    void take(long bytes);

    /** Takes some for what is needed while the request is read, or until {@link #giveBack}; fails as {@link #take} does. */
    void borrow(long bytes);

    /** Gives back some of what was borrowed. */
    void giveBack(long bytes);

    /** Bytes that are borrowed now. */
    long borrowed();

    /** Takes some for what is made of the request once it has been read, in the place of what is borrowed; fails as {@link #take}. */
    void plan(long bytes);

    /** Gives back some of what was planned. */
    void forgo(long bytes);

    /** Bytes that are planned now. */
    long planned();
}
