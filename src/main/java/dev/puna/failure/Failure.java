// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A request, a file or the machine did not allow what was asked.
 *
 * <p>The set of kinds is closed, so that a switch over it needs no {@code default} and a new kind breaks the build where it
 * is not handled. The message is meant for the person who asked.
 */
public abstract sealed class Failure extends RuntimeException
        permits InvalidRequest,
                ContextExceeded,
                NoEmbeddings,
                NotFound,
                Unsupported,
                QueueFull,
                ShuttingDown,
                Cancelled,
                InsufficientMemory,
                StoreFailure,
                RegistryFailure,
                NativeFailure,
                ModelRefused,
                UnusableAnswer {

    protected Failure(String message, @Nullable Throwable cause) {
        super(requireNonNull(message, "message is null"), cause);
    }

    /** The text for the person who asked; never null. */
    public final String text() {
        return requireNonNull(getMessage(), "message is null");
    }
}
