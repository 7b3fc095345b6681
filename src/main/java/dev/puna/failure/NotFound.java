// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** What was asked for does not exist here. */
public final class NotFound extends Failure {
    public NotFound(String message) {
        super(message, null);
    }
}
