// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

/** As many requests wait as the queue takes: ask again later. */
public final class QueueFull extends Failure {
    public QueueFull(String message) {
        super(message, null);
    }
}
