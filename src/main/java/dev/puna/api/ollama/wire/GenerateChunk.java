// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the answer of {@code /api/generate}, or the whole answer when it is not streamed. Source: contract 1.3.
 *
 * @param model the model's name as the client sent it
 * @param createdAt when the chunk was made
 * @param response the new piece of the answer
 * @param thinking the new piece of the reasoning
 * @param done whether this is the last chunk
 * @param doneReason why the answer ended; only in the last chunk
 * @param context tokens of prompt and answer, for a follow-up; only in the last chunk
 * @param metrics what the answer took; only in the last chunk
 * @param toolCalls calls that the model asks for; only in the last chunk
 * @param debugInfo the rendered prompt, if nothing else was asked for
 * @param logprobs of the tokens in this chunk
 * @param truncated whether some of the prompt was left out to make it fit; ours, not Ollama's
 */
public record GenerateChunk(
        String model,
        @JsonProperty("created_at") Instant createdAt,
        String response,
        @JsonInclude(Include.NON_EMPTY) String thinking,
        boolean done,

        @JsonProperty("done_reason") @JsonInclude(Include.NON_EMPTY)
        String doneReason,

        @JsonInclude(Include.NON_EMPTY) List<Integer> context,
        @JsonUnwrapped @Nullable Metrics metrics,

        @JsonProperty("tool_calls") @JsonInclude(Include.NON_EMPTY)
        List<ToolCallEntry> toolCalls,

        @JsonProperty("_debug_info") @JsonInclude(Include.NON_NULL) @Nullable
        DebugInfo debugInfo,

        @JsonInclude(Include.NON_EMPTY) List<LogprobEntry> logprobs,
        @JsonInclude(Include.NON_DEFAULT) boolean truncated) {

    public GenerateChunk {
        context = List.copyOf(context);
        toolCalls = List.copyOf(toolCalls);
        logprobs = List.copyOf(logprobs);
    }

    /** A piece in the middle of an answer. */
    public static GenerateChunk piece(
            String model, Instant createdAt, String response, String thinking, List<LogprobEntry> logprobs) {
        return new GenerateChunk(
                model, createdAt, response, thinking, false, "", List.of(), null, List.of(), null, logprobs, false);
    }

    /** The reply to a request that only loads or unloads a model. */
    public static GenerateChunk reply(String model, Instant createdAt, String doneReason) {
        return new GenerateChunk(
                model, createdAt, "", "", true, doneReason, List.of(), null, List.of(), null, List.of(), false);
    }

    /** The reply to {@code _debug_render_only}. */
    public static GenerateChunk rendered(String model, Instant createdAt, DebugInfo info) {
        return new GenerateChunk(
                model, createdAt, "", "", false, "", List.of(), null, List.of(), info, List.of(), false);
    }
}
