// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.openai.responses.request.Echo;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.api.openai.responses.wire.ResponseObject;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent.Finished;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all states of one answer have in common.
 *
 * @param createdAt when the request came
 * @param echo what is repeated of the request
 */
record ResponseState(String id, Instant createdAt, Echo echo) {

    /** An answer of which nothing is there yet. */
    ResponseObject begun() {
        return of("in_progress", null, null, List.of(), null, null, echo.truncation());
    }

    /** An answer that is whole, or cut where its tokens were used up. */
    ResponseObject ended(List<OutputItem> output, Finished end) {
        var cut = end.reason() == FinishReason.LENGTH;
        var usage = end.usage();
        return of(
                cut ? "incomplete" : "completed",
                cut ? null : Instant.now(),
                cut ? new ResponseObject.Incomplete("max_output_tokens") : null,
                output,
                null,
                ResponseObject.Usage.of(
                        usage.promptTokens(), usage.cachedTokens(), usage.generatedTokens(), usage.reasoningTokens()),
                end.truncated() ? "auto" : echo.truncation());
    }

    /** An answer that is no generation. */
    ResponseObject completed(List<OutputItem> output, ResponseObject.Usage usage) {
        return of("completed", Instant.now(), null, output, null, usage, echo.truncation());
    }

    /** An answer that could not go on. */
    ResponseObject failed(List<OutputItem> output, ResponseObject.Failed error) {
        return of("failed", null, null, output, error, null, echo.truncation());
    }

    private ResponseObject of(
            String status,
            @Nullable Instant completedAt,
            ResponseObject.@Nullable Incomplete incomplete,
            List<OutputItem> output,
            ResponseObject.@Nullable Failed error,
            ResponseObject.@Nullable Usage usage,
            String truncation) {
        return new ResponseObject(
                id,
                "response",
                createdAt.getEpochSecond(),
                completedAt == null ? null : completedAt.getEpochSecond(),
                status,
                incomplete,
                echo.model(),
                null,
                echo.instructions(),
                output,
                error,
                echo.tools(),
                echo.toolChoice(),
                truncation,
                echo.parallelToolCalls(),
                echo.text(),
                echo.topP(),
                echo.presencePenalty(),
                echo.frequencyPenalty(),
                echo.topLogprobs(),
                echo.temperature(),
                echo.reasoning(),
                usage,
                echo.maxOutputTokens(),
                echo.maxToolCalls(),
                false,
                false,
                "default",
                echo.metadata(),
                echo.safetyIdentifier(),
                echo.promptCacheKey());
    }
}
