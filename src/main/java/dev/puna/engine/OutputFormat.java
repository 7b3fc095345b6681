// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** A form that an answer must take. */
public sealed interface OutputFormat {
    /** The JSON Schema that an answer must satisfy; empty for any text, and for what is no JSON. */
    Optional<String> schema();

    /** Any text. */
    record Free() implements OutputFormat {
        @Override
        public Optional<String> schema() {
            return Optional.empty();
        }
    }

    /** Any JSON object. */
    record Json() implements OutputFormat {
        @Override
        public Optional<String> schema() {
            return Optional.of("{\"type\":\"object\"}");
        }
    }

    /** What a grammar in llama.cpp's notation (GBNF) lets through, beginning at {@code root}. */
    record Gbnf(String grammar) implements OutputFormat {
        public Gbnf {
            requireNonNull(grammar, "grammar is null");
        }

        @Override
        public Optional<String> schema() {
            return Optional.empty();
        }
    }

    /** What a regular expression of ECMA-262 matches as a whole. */
    record Matching(String expression) implements OutputFormat {
        public Matching {
            requireNonNull(expression, "expression is null");
        }

        @Override
        public Optional<String> schema() {
            return Optional.empty();
        }
    }

    /** JSON that satisfies a JSON Schema, given as text. */
    record Schema(String json) implements OutputFormat {
        public Schema {
            requireNonNull(json, "json is null");
        }

        @Override
        public Optional<String> schema() {
            return Optional.of(json);
        }
    }
}
