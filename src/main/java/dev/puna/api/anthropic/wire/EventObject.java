// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;

/**
 * One event of a streamed answer; what a kind of event does not have is left out. Source: contract 1.12.
 *
 * @param type the event's name
 * @param message the beginning of the answer
 * @param index which block it is about
 * @param contentBlock the beginning of a block
 * @param delta more of a block, or why the answer ended
 * @param usage what the answer took
 */
@JsonInclude(Include.NON_NULL)
public record EventObject(
        String type,
        @Nullable MessageObject message,
        @Nullable Integer index,
        @Nullable BlockObject contentBlock,
        @Nullable Delta delta,
        @Nullable UsageObject usage) {

    /**
     * What is new.
     *
     * @param type which of the next four it is; none at the end of an answer
     * @param text more of a text
     * @param thinking more of the reasoning
     * @param signature that of the reasoning
     * @param partialJson arguments of a call
     * @param stopReason why the answer ended
     * @param stopSequence the client's stop sequence that ended it, if one did
     */
    @JsonInclude(Include.NON_NULL)
    public record Delta(
            @Nullable String type,
            @Nullable String text,
            @Nullable String thinking,
            @Nullable String signature,
            @Nullable String partialJson,
            @Nullable String stopReason,
            @Nullable String stopSequence) {

        /** More of a text. */
        public static Delta text(String text) {
            return new Delta("text_delta", text, null, null, null, null, null);
        }

        /** More of the reasoning. */
        public static Delta thinking(String thinking) {
            return new Delta("thinking_delta", null, thinking, null, null, null, null);
        }

        /** The signature of the reasoning. */
        public static Delta signature(String signature) {
            return new Delta("signature_delta", null, null, signature, null, null, null);
        }

        /** The arguments of a call. */
        public static Delta arguments(String json) {
            return new Delta("input_json_delta", null, null, null, json, null, null);
        }

        /** Why the answer ended. */
        public static Delta end(String reason, @Nullable String sequence) {
            return new Delta(null, null, null, null, null, reason, sequence);
        }
    }

    /** The beginning of an answer. */
    public static EventObject begins(MessageObject message) {
        return new EventObject("message_start", message, null, null, null, null);
    }

    /** The beginning of a block. */
    public static EventObject begins(int index, BlockObject block) {
        return new EventObject("content_block_start", null, index, block, null, null);
    }

    /** More of a block. */
    public static EventObject grows(int index, Delta delta) {
        return new EventObject("content_block_delta", null, index, null, delta, null);
    }

    /** The end of a block. */
    public static EventObject ends(int index) {
        return new EventObject("content_block_stop", null, index, null, null, null);
    }

    /** Why the answer ended, and what it took. */
    public static EventObject ends(Delta end, UsageObject usage) {
        return new EventObject("message_delta", null, null, null, end, usage);
    }

    /** The last event. */
    public static EventObject end() {
        return new EventObject("message_stop", null, null, null, null, null);
    }
}
