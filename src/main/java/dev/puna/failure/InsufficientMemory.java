// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** The model does not fit the memory that is free. */
public final class InsufficientMemory extends Failure {
    public InsufficientMemory(String message) {
        super(message, null);
    }
}
