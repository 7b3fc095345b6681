// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.EmbeddingResult;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** What becomes of an {@link EmbeddingInput} that is right. Nothing is loaded before the first subscription. */
public sealed interface EmbeddingOutcome {

    /**
     * There is nothing to embed, and the model comes into memory.
     *
     * @param ready completes when it is there
     */
    record Loaded(Uni<Void> ready) implements EmbeddingOutcome {
        public Loaded {
            requireNonNull(ready, "ready is null");
        }
    }

    /** All embeddings, in the order of the texts. */
    record Together(Uni<EmbeddingResult> result) implements EmbeddingOutcome {
        public Together {
            requireNonNull(result, "result is null");
        }
    }

    /**
     * So many that they are not held together.
     *
     * @param results of some texts at a time, in order, the next when the last has been taken; what is wrong with any text fails
     *     before the first
     */
    record InParts(Multi<EmbeddingResult> results) implements EmbeddingOutcome {
        public InParts {
            requireNonNull(results, "results is null");
        }
    }
}
