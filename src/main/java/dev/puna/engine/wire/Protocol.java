// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

/** Numbers that both ends agree on. */
public final class Protocol {
    /** Of everything in this package; changes with any of it. */
    public static final int PROTOCOL_VERSION = 6;

    /** Bytes before a body: its length (4), the kind (1), the call (8), the least significant byte first. */
    static final int HEADER = 4 + 1 + 8;

    /** Bytes of a body that is a few numbers. */
    static final int NUMBERS = 64;

    /** Bytes of a body that names files, devices, or what went wrong. */
    static final int NAMES = 1 << 20;

    /** Bytes of a plan of weights, which has a line for each tensor. */
    static final int PLAN = 1 << 24;

    /** Bytes of a step's events; four million tokens are given back at the end of a generation. */
    static final int EVENTS = 1 << 24;

    /** Bytes of a text or its tokens, or of vectors. */
    static final int CONTENT = 1 << 28;

    /** Bytes of a request with its images. */
    static final int REQUEST = 1 << 30;

    private Protocol() {}
}
