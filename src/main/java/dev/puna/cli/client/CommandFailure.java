// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import static java.util.Objects.requireNonNull;

/** A command cannot go on; the message is what the user reads after {@code Error: }. */
public class CommandFailure extends RuntimeException {
    public CommandFailure(String message) {
        super(requireNonNull(message, "message is null"));
    }

    public CommandFailure(String message, Throwable cause) {
        super(requireNonNull(message, "message is null"), cause);
    }

    /** The sentence; never null. */
    public final String sentence() {
        return requireNonNull(getMessage(), "message is null");
    }
}
