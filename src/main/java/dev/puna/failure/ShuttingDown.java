// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** The server takes no new work because it is stopping. */
public final class ShuttingDown extends Failure {
    public ShuttingDown(String message) {
        super(message, null);
    }
}
