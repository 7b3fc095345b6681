// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** The folder of models could not be read or written: full disk, missing rights, damaged file. */
public final class StoreFailure extends Failure {
    public StoreFailure(String message) {
        super(message, null);
    }

    public StoreFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
