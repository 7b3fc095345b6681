// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

/** A form that an answer must take. */
public sealed interface OutputFormat {

    /** Any text. */
    record Free() implements OutputFormat {}

    /** Any JSON object. */
    record Json() implements OutputFormat {}

    /** JSON that satisfies a JSON Schema, given as text. */
    record Schema(String json) implements OutputFormat {
        public Schema {
            requireNonNull(json, "json is null");
        }
    }
}
