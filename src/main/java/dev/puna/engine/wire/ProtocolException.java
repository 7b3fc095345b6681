// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import java.io.IOException;

/** What came is no message, or ended within one: the connection is of no further use. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super(message);
    }

    ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
