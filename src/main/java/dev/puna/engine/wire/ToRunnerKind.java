// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import java.util.List;

/** The second part of a frame's header, on the way to the process: the place here. */
enum ToRunnerKind {
    HELLO(Protocol.NUMBERS),
    DEVICES(Protocol.NUMBERS),
    LOAD(Protocol.NAMES),
    QUANTIZE(Protocol.PLAN),
    GENERATE(Protocol.REQUEST),
    CREDIT(Protocol.NUMBERS),
    CANCEL(Protocol.NUMBERS),
    EMBED(Protocol.REQUEST),
    RANK(Protocol.REQUEST),
    RENDER(Protocol.REQUEST),
    COUNT(Protocol.REQUEST),
    TOKENIZE(Protocol.CONTENT),
    DETOKENIZE(Protocol.CONTENT),
    PING(Protocol.NUMBERS),
    END(Protocol.NUMBERS);

    static final List<ToRunnerKind> ALL = List.of(values());

    private final int longest;

    ToRunnerKind(int longest) {
        this.longest = longest;
    }

    /** Bytes that a body may have. */
    int longest() {
        return longest;
    }
}
