// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** This model or this build cannot do what was asked, however it is asked. */
public final class Unsupported extends Failure {
    public Unsupported(String message) {
        super(message, null);
    }
}
