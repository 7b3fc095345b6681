// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The work of making one prompt, which ends when nobody waits for it, or when it takes too long. Used by one thread. */
final class PromptWork {
    /** Far more than the longest prompts take that a heap holds; see the bounds of the single steps, too. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final BooleanSupplier abandoned;
    private final long start = System.nanoTime();

    /**
     * @param abandoned whether the prompt is not wanted any more
     */
    PromptWork(BooleanSupplier abandoned) {
        this.abandoned = abandoned;
    }

    /**
     * Asked between the steps of the work.
     *
     * @throws Cancelled if the prompt is not wanted any more
     * @throws InvalidRequest if the work takes too long
     */
    void check() {
        if (abandoned.getAsBoolean()) {
            throw new Cancelled("nobody waits for the prompt any more");
        }
        if (System.nanoTime() - start > LONGEST.toNanos()) {
            throw new InvalidRequest(
                    "the prompt takes more than %d seconds to prepare; shorten it".formatted(LONGEST.toSeconds()));
        }
    }
}
