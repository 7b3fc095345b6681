// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.GenerationEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** What becomes of a {@link CompletionRequest} that is right. Nothing is loaded before the first subscription. */
public sealed interface GenerationOutcome {

    /** There was nothing to answer, and the model leaves memory. */
    record Unloaded() implements GenerationOutcome {}

    /**
     * There is nothing to answer, and the model comes into memory.
     *
     * @param ready completes when it is there
     */
    record Loaded(Uni<Void> ready) implements GenerationOutcome {
        public Loaded {
            requireNonNull(ready, "ready is null");
        }
    }

    /**
     * Only the prompt is wanted.
     *
     * @param prompt the text that would go before the model
     * @param images how many images the request has
     * @param tokens how many tokens the prompt has, if nothing is left out of it
     */
    record Rendered(Uni<String> prompt, int images, Uni<Integer> tokens) implements GenerationOutcome {
        public Rendered {
            requireNonNull(tokens, "tokens is null");
            requireNonNull(prompt, "prompt is null");
        }
    }

    /**
     * The model answers.
     *
     * @param events every event that says something, the end last; cancelling gives the model back
     */
    record Generated(Multi<GenerationEvent> events) implements GenerationOutcome {
        public Generated {
            requireNonNull(events, "events is null");
        }
    }
}
