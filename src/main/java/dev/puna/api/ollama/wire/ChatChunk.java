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
 * One line of the answer of {@code /api/chat}, or the whole answer when it is not streamed. Source: contract 1.4.
 *
 * @param model the model's name as the client sent it
 * @param createdAt when the chunk was made
 * @param message the new piece of the message
 * @param done whether this is the last chunk
 * @param doneReason why the answer ended; only in the last chunk
 * @param debugInfo the rendered prompt, if nothing else was asked for
 * @param logprobs of the tokens in this chunk
 * @param metrics what the answer took; only in the last chunk
 * @param truncated whether some of the prompt was left out to make it fit; ours, not Ollama's
 */
public record ChatChunk(
        String model,
        @JsonProperty("created_at") Instant createdAt,
        ChatMessage message,
        boolean done,

        @JsonProperty("done_reason") @JsonInclude(Include.NON_EMPTY)
        String doneReason,

        @JsonProperty("_debug_info") @JsonInclude(Include.NON_NULL) @Nullable
        DebugInfo debugInfo,

        @JsonInclude(Include.NON_EMPTY) List<LogprobEntry> logprobs,
        @JsonUnwrapped @Nullable Metrics metrics,
        @JsonInclude(Include.NON_DEFAULT) boolean truncated) {

    public ChatChunk {
        logprobs = List.copyOf(logprobs);
    }

    /** A piece in the middle of an answer. */
    public static ChatChunk piece(String model, Instant createdAt, ChatMessage message, List<LogprobEntry> logprobs) {
        return new ChatChunk(model, createdAt, message, false, "", null, logprobs, null, false);
    }

    /** The reply to a request that only loads or unloads a model. */
    public static ChatChunk reply(String model, Instant createdAt, String doneReason) {
        var message = ChatMessage.assistant("", "", List.of());
        return new ChatChunk(model, createdAt, message, true, doneReason, null, List.of(), null, false);
    }

    /** The reply to {@code _debug_render_only}. */
    public static ChatChunk rendered(String model, Instant createdAt, DebugInfo info) {
        var message = new ChatMessage("", "", "", List.of());
        return new ChatChunk(model, createdAt, message, false, "", info, List.of(), null, false);
    }
}
