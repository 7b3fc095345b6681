// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of {@code /v1/completions}. Source: contract 1.11.
 *
 * @param id the answer's own
 * @param object {@code text_completion}
 * @param created when the request came, in seconds of Unix time
 * @param model the model's name as the client sent it
 * @param systemFingerprint what made it
 * @param choices the answer
 * @param usage what it took
 */
public record CompletionObject(
        String id,
        String object,
        long created,
        String model,
        @JsonProperty("system_fingerprint") String systemFingerprint,
        List<Choice> choices,
        UsageObject usage) {

    public CompletionObject {
        choices = List.copyOf(choices);
    }

    /**
     * An answer, or a piece of one.
     *
     * @param text what the model says
     * @param index position among the answers, from 0
     * @param finishReason why it ended; only in its last piece
     * @param logprobs of its tokens, if asked for
     * @param reasoning before the text, of a model that thinks; not in OpenAI's API, nor Ollama's
     */
    public record Choice(
            String text,
            int index,
            @JsonProperty("finish_reason") @Nullable String finishReason,
            @JsonInclude(Include.NON_NULL) @Nullable CompletionLogprobs logprobs,
            @JsonInclude(Include.NON_NULL) @Nullable String reasoning) {}

    /**
     * A piece of an answer, whose fields Ollama writes in another order.
     *
     * @param id the answer's own
     * @param object {@code text_completion}
     * @param created when the request came, in seconds of Unix time; the same in all pieces
     * @param choices the piece; none in the one that tells what the answer took
     * @param model the model's name as the client sent it
     * @param systemFingerprint what made it
     * @param usage if asked for: what the answer took, nothing in any piece but the last
     * @param timings how long that took; only in the last piece. Source: addendum 4.1
     * @param promptProgress how much of the prompt has been read; only in pieces that tell nothing else
     */
    public record Piece(
            String id,
            String object,
            long created,
            List<Choice> choices,
            String model,
            @JsonProperty("system_fingerprint") String systemFingerprint,
            @JsonInclude(Include.NON_NULL) @Nullable UsageObject usage,
            @JsonInclude(Include.NON_NULL) @Nullable TimingsObject timings,

            @JsonProperty("prompt_progress") @JsonInclude(Include.NON_NULL) @Nullable
            ProgressObject promptProgress) {
        public Piece {
            choices = List.copyOf(choices);
        }
    }
}
