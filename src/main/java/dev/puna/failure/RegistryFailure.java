// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** A registry could not be reached, refused, or answered what makes no sense. */
public final class RegistryFailure extends Failure {
    public RegistryFailure(String message) {
        super(message, null);
    }

    public RegistryFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
