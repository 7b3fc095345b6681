// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;

/** The form of the answer that a request asks for. One that makes no sense is told only when everything else is right. */
public sealed interface FormatOption {

    /** A form that there is. */
    record Known(OutputFormat format) implements FormatOption {
        public Known {
            requireNonNull(format, "format is null");
        }
    }

    /** A form that there is not. */
    record Refused(InvalidRequest reason) implements FormatOption {
        public Refused {
            requireNonNull(reason, "reason is null");
        }
    }

    /** The form, or the refusal thrown. */
    default OutputFormat resolved() {
        return switch (this) {
            case Known(var format) -> format;
            case Refused(var reason) -> throw reason;
        };
    }
}
