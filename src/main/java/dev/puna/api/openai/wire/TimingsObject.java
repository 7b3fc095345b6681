// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How long an answer took, in whole milliseconds; what would be divided by zero is zero. Source: addendum 4.1.
 *
 * @param promptN tokens of the prompt that were read
 * @param promptMs to the first token
 * @param promptPerTokenMs of that, for each token
 * @param promptPerSecond tokens
 * @param predictedN tokens of the answer
 * @param predictedMs from the first token to the last
 * @param predictedPerTokenMs of that, for each token
 * @param predictedPerSecond tokens
 */
public record TimingsObject(
        @JsonProperty("prompt_n") int promptN,
        @JsonProperty("prompt_ms") long promptMs,
        @JsonProperty("prompt_per_token_ms") double promptPerTokenMs,
        @JsonProperty("prompt_per_second") double promptPerSecond,
        @JsonProperty("predicted_n") int predictedN,
        @JsonProperty("predicted_ms") long predictedMs,
        @JsonProperty("predicted_per_token_ms") double predictedPerTokenMs,
        @JsonProperty("predicted_per_second") double predictedPerSecond) {
    private static final double MS_IN_A_SECOND = 1_000;

    /** The quotients of these. */
    public static TimingsObject of(int prompt, long promptMs, int predicted, long predictedMs) {
        return new TimingsObject(
                prompt,
                promptMs,
                quotient(promptMs, prompt),
                MS_IN_A_SECOND * quotient(prompt, promptMs),
                predicted,
                predictedMs,
                quotient(predictedMs, predicted),
                MS_IN_A_SECOND * quotient(predicted, predictedMs));
    }

    private static double quotient(long dividend, long divisor) {
        return divisor == 0 ? 0 : (double) dividend / divisor;
    }
}
