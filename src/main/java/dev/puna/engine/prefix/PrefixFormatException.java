// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import java.io.IOException;

/** A file that is no prefix to use. */
final class PrefixFormatException extends IOException {
    private static final long serialVersionUID = 1;

    /** Whether it was one of ours once, so that it may go. */
    private final boolean damaged;

    PrefixFormatException(String message, boolean damaged) {
        super(message);
        this.damaged = damaged;
    }

    boolean damaged() {
        return damaged;
    }
}
