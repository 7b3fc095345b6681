// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.engine.Usage;
import java.time.Duration;

/**
 * What all answers of a request took, where each prompt counts once however many answers it has, as in OpenAI's API. <b>Threads:</b> one
 * after the other, any; for one answer.
 */
final class UsageSum {
    private final int each;
    private int missing;
    private Usage sum = new Usage(0, 0, Duration.ZERO, 0, Duration.ZERO, 0);

    /**
     * @param answers how many there will be
     * @param each how many of them each prompt has
     */
    UsageSum(int answers, int each) {
        this.missing = answers;
        this.each = each;
    }

    /** One answer has ended. */
    void add(int index, Usage usage) {
        missing--;
        var first = index % each == 0;
        sum = new Usage(
                sum.promptTokens() + (first ? usage.promptTokens() : 0),
                sum.cachedTokens() + (first ? usage.cachedTokens() : 0),
                sum.promptDuration().plus(first ? usage.promptDuration() : Duration.ZERO),
                sum.generatedTokens() + usage.generatedTokens(),
                sum.generationDuration().plus(usage.generationDuration()),
                sum.reasoningTokens() + usage.reasoningTokens());
    }

    /** Whether all answers have ended. */
    boolean complete() {
        return missing == 0;
    }

    Usage sum() {
        return sum;
    }
}
