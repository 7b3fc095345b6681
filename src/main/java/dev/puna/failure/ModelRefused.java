// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** A model has ended its process again and again, and is not tried for a while; whoever asks for it is told why. */
public final class ModelRefused extends Failure {
    public ModelRefused(String message) {
        super(message, null);
    }
}
