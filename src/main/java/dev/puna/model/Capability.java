// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.Locale;
import java.util.Optional;

/** What a model can do. Source: contract 3.5. */
public enum Capability {
    COMPLETION,
    TOOLS,
    INSERT,
    VISION,
    EMBEDDING,
    THINKING,
    IMAGE,
    AUDIO,
    /** Scores documents by a query: not one of Ollama's. */
    RERANK;

    /** The word on the wire and in configurations. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The capability of that word, or nothing when there is none. */
    public static Optional<Capability> ofWord(String word) {
        for (var capability : values()) {
            if (capability.word().equals(word)) {
                return Optional.of(capability);
            }
        }
        return Optional.empty();
    }
}
