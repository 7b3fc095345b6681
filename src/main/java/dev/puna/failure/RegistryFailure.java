// SPDX-License-Identifier: Apache-2.0
package dev.puna.failure;

import static java.util.Objects.requireNonNull;

/** A registry could not be reached, refused, or answered what makes no sense. */
public final class RegistryFailure extends Failure {
    private final Kind kind;

    /** What can be done about it, as far as a caller may know. */
    public enum Kind {
        /** The repository has no GGUF, but it may have the model in another form. */
        NO_GGUF,
        /** Who asks has not proved to be one who may. */
        UNAUTHORIZED,
        /** All else. */
        OTHER
    }

    public RegistryFailure(String message) {
        this(message, Kind.OTHER);
    }

    public RegistryFailure(String message, Throwable cause) {
        super(message, cause);
        kind = Kind.OTHER;
    }

    public RegistryFailure(String message, Kind kind) {
        super(message, null);
        this.kind = requireNonNull(kind, "kind is null");
    }

    /** What can be done about it. */
    public Kind kind() {
        return kind;
    }
}
