// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** The asker gave up before the work was done. */
public final class Cancelled extends Failure {
    public Cancelled(String message) {
        super(message, null);
    }

    public Cancelled(String message, Throwable cause) {
        super(message, cause);
    }
}
