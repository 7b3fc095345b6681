// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import java.util.List;

/** The second part of a frame's header, on the way to the server: the place here. */
enum FromRunnerKind {
    HELLO(Protocol.NUMBERS),
    DEVICES(Protocol.NAMES),
    PROGRESS(Protocol.NUMBERS),
    LOADED(Protocol.NUMBERS),
    DONE(Protocol.NUMBERS),
    PREPARED(Protocol.NUMBERS),
    EVENT(Protocol.EVENTS),
    ENDED(Protocol.NUMBERS),
    FAILED(Protocol.NAMES),
    EMBEDDINGS(Protocol.CONTENT),
    RANKS(Protocol.EVENTS),
    TEXT(Protocol.CONTENT),
    COUNT(Protocol.NUMBERS),
    TOKENS(Protocol.CONTENT),
    BYTES(Protocol.CONTENT),
    PONG(Protocol.NUMBERS);

    static final List<FromRunnerKind> ALL = List.of(values());

    private final int longest;

    FromRunnerKind(int longest) {
        this.longest = longest;
    }

    /** Bytes that a body may have. */
    int longest() {
        return longest;
    }
}
