// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** What was asked makes no sense or is not allowed: the asker must change it. */
public final class InvalidRequest extends Failure {
    public InvalidRequest(String message) {
        super(message, null);
    }
}
