// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.wire;

/**
 * What an answer took. The prompt has as many tokens as the first three together.
 *
 * @param inputTokens tokens of the prompt that were not found in the cache
 * @param cacheCreationInputTokens 0, since nobody pays for a cache here
 * @param cacheReadInputTokens tokens of the prompt that were found in the cache
 * @param outputTokens tokens of the answer
 */
public record UsageObject(int inputTokens, int cacheCreationInputTokens, int cacheReadInputTokens, int outputTokens) {

    /** The counts of a prompt of which some was found in the cache. */
    public static UsageObject of(int prompt, int cached, int output) {
        return new UsageObject(prompt - cached, 0, cached, output);
    }
}
