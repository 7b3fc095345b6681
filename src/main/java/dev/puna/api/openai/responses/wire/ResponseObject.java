// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.wire;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of {@code /v1/responses}, whole or as far as it is. Source: contract 1.11.
 *
 * @param id the answer's own
 * @param object {@code response}
 * @param createdAt when the request came, in seconds of Unix time
 * @param completedAt when the answer was whole; none before
 * @param status whether it is being made, whole, cut or given up
 * @param incompleteDetails why it is incomplete
 * @param model the model's name as the client sent it
 * @param previousResponseId always none: answers are not kept
 * @param instructions as sent
 * @param output the items, in order
 * @param error what went wrong
 * @param tools as sent
 * @param toolChoice as sent
 * @param truncation {@code auto} if some of the prompt was left out or could have been, as asked for; else {@code disabled}
 * @param parallelToolCalls as sent
 * @param text as sent
 * @param topP as sent, or 1
 * @param presencePenalty as sent, or 0
 * @param frequencyPenalty as sent, or 0
 * @param topLogprobs as sent, or 0
 * @param temperature as sent, or 1
 * @param reasoning as sent
 * @param usage what it took; none before the end
 * @param maxOutputTokens as sent
 * @param maxToolCalls as sent
 * @param store always false
 * @param background always false
 * @param serviceTier {@code default}
 * @param metadata as sent
 * @param safetyIdentifier as sent
 * @param promptCacheKey as sent
 */
public record ResponseObject(
        String id,
        String object,
        long createdAt,
        @Nullable Long completedAt,
        String status,
        @Nullable Incomplete incompleteDetails,
        String model,
        @Nullable String previousResponseId,
        @JsonRawValue String instructions,
        List<OutputItem> output,
        @Nullable Failed error,
        @JsonRawValue String tools,
        @JsonRawValue String toolChoice,
        String truncation,
        boolean parallelToolCalls,
        @JsonRawValue String text,
        double topP,
        double presencePenalty,
        double frequencyPenalty,
        int topLogprobs,
        double temperature,
        @JsonRawValue String reasoning,
        @Nullable Usage usage,
        @JsonRawValue String maxOutputTokens,
        @JsonRawValue String maxToolCalls,
        boolean store,
        boolean background,
        String serviceTier,
        @JsonRawValue String metadata,
        @JsonRawValue String safetyIdentifier,
        @JsonRawValue String promptCacheKey) {

    public ResponseObject {
        output = List.copyOf(output);
    }

    /**
     * Why an answer is incomplete.
     *
     * @param reason {@code max_output_tokens}
     */
    public record Incomplete(String reason) {}

    /**
     * What ended an answer.
     *
     * @param code for programs
     * @param message the sentence
     */
    public record Failed(String code, String message) {}

    /**
     * What an answer took, in tokens.
     *
     * @param inputTokens of the prompt, cached ones among them
     * @param outputTokens of the answer
     * @param totalTokens of both
     * @param inputTokensDetails what of the prompt was there already
     * @param outputTokensDetails what of the answer was reasoning
     */
    public record Usage(
            int inputTokens,
            int outputTokens,
            int totalTokens,
            Cached inputTokensDetails,
            Reasoned outputTokensDetails) {

        /** The sum of these. */
        public static Usage of(int input, int cached, int output, int reasoned) {
            return new Usage(input, output, input + output, new Cached(cached), new Reasoned(reasoned));
        }
    }

    /** Tokens of the prompt that were found in the cache. */
    public record Cached(int cachedTokens) {}

    /** Tokens of the reasoning before the answer. */
    public record Reasoned(int reasoningTokens) {}
}
