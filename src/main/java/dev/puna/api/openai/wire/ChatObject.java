// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of {@code /v1/chat/completions}, or a piece of one. Source: contract 1.11.
 *
 * @param id the answer's own
 * @param object {@code chat.completion}, or {@code chat.completion.chunk} for a piece
 * @param created when the request came, in seconds of Unix time; the same in all pieces
 * @param model the model's name as the client sent it
 * @param systemFingerprint what made it
 * @param choices the answer; none in the piece that tells what it took
 * @param usage what it took; only in a whole answer and in that last piece
 * @param timings how long that took; only in that last piece. Source: addendum 4.1
 * @param promptProgress how much of the prompt has been read; only in pieces that tell nothing else
 * @param debugInfo the rendered prompt, if nothing else was asked for
 */
public record ChatObject(
        String id,
        String object,
        long created,
        String model,
        @JsonProperty("system_fingerprint") String systemFingerprint,
        List<Choice> choices,
        @JsonInclude(Include.NON_NULL) @Nullable UsageObject usage,
        @JsonInclude(Include.NON_NULL) @Nullable TimingsObject timings,

        @JsonProperty("prompt_progress") @JsonInclude(Include.NON_NULL) @Nullable
        ProgressObject promptProgress,

        @JsonProperty("_debug_info") @JsonInclude(Include.NON_NULL) @Nullable
        RenderedPrompt debugInfo) {

    public ChatObject {
        choices = List.copyOf(choices);
    }

    /** One of the answers of a request, or a piece of it. */
    public sealed interface Choice permits WholeChoice, PieceOfChoice {}

    /**
     * A whole answer.
     *
     * @param index position among the answers, from 0
     * @param message what the model says
     * @param finishReason why it ended
     * @param logprobs of its tokens, if asked for
     */
    public record WholeChoice(
            int index,
            ChatText message,
            @JsonProperty("finish_reason") String finishReason,
            @JsonInclude(Include.NON_NULL) @Nullable LogprobsObject logprobs)
            implements Choice {}

    /**
     * A piece of an answer.
     *
     * @param index position among the answers, from 0
     * @param delta what is new
     * @param finishReason why the answer ended; only in its last piece
     * @param logprobs of its tokens, if asked for
     */
    public record PieceOfChoice(
            int index,
            ChatText delta,
            @JsonProperty("finish_reason") @Nullable String finishReason,
            @JsonInclude(Include.NON_NULL) @Nullable LogprobsObject logprobs)
            implements Choice {}

    /**
     * The rendered prompt.
     *
     * @param renderedTemplate the text that would go before the model
     * @param imageCount images that go with it
     */
    public record RenderedPrompt(
            @JsonProperty("rendered_template") String renderedTemplate,

            @JsonProperty("image_count") @JsonInclude(Include.NON_DEFAULT)
            int imageCount) {}
}
