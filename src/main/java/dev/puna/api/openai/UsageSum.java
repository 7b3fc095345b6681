// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.Usage;
import dev.puna.inference.parallel.ChoiceEvent;
import java.time.Duration;

/**
 * What all answers of a request took, where each prompt counts once however many answers it has, as in OpenAI's API. <b>Threads:</b> one
 * after the other, any; for one answer.
 */
final class UsageSum {
    private final int each;
    private int missing;
    private Usage sum = new Usage(0, 0, Duration.ZERO, 0, Duration.ZERO, 0, 0);

    /**
     * @param answers how many there will be
     * @param each how many of them each prompt has
     */
    UsageSum(int answers, int each) {
        this.missing = answers;
        this.each = each;
    }

    /** Takes an event of an answer into account; says whether it was the last one of all. */
    boolean count(ChoiceEvent event) {
        if (!(event.event() instanceof Finished finished)) {
            return false;
        }
        missing--;
        add(event.index() % each == 0, finished.usage());
        return missing == 0;
    }

    private void add(boolean first, Usage usage) {
        sum = new Usage(
                sum.promptTokens() + (first ? usage.promptTokens() : 0),
                sum.cachedTokens() + (first ? usage.cachedTokens() : 0),
                sum.promptDuration().plus(first ? usage.promptDuration() : Duration.ZERO),
                sum.generatedTokens() + usage.generatedTokens(),
                sum.generationDuration().plus(usage.generationDuration()),
                sum.reasoningTokens() + usage.reasoningTokens(),
                sum.stepRows() + usage.stepRows(),
                sum.guessedTokens() + usage.guessedTokens(),
                sum.acceptedTokens() + usage.acceptedTokens());
    }

    Usage sum() {
        return sum;
    }
}
