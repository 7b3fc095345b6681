// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.ToolCall;
import dev.puna.model.IntList;
import java.time.Duration;
import java.util.List;

/** What happens in a generation, in order; {@link Finished} is the last. */
public sealed interface GenerationEvent {

    /**
     * How much of the prompt has been read; comes before all others, and only if {@link GenerationRequest#promptProgress()} asks for it.
     *
     * @param total tokens of the prompt
     * @param cached those that were found in the cache
     * @param processed those read so far, cached ones among them
     * @param time since reading began
     */
    record PromptProgress(int total, int cached, int processed, Duration time) implements GenerationEvent {
        public PromptProgress {
            requireNonNull(time, "time is null");
        }
    }

    /**
     * More of the answer.
     *
     * @param piece whole characters only; may be empty when only log probabilities are due
     * @param logprobs of the tokens that went into the piece; empty unless asked for
     */
    record Text(String piece, List<TokenLogprob> logprobs) implements GenerationEvent {
        public Text {
            requireNonNull(piece, "piece is null");
            logprobs = List.copyOf(logprobs);
        }
    }

    /**
     * More of the reasoning before the answer.
     *
     * @param piece whole characters only
     * @param logprobs of the tokens that went into the piece; empty unless asked for
     */
    record Reasoning(String piece, List<TokenLogprob> logprobs) implements GenerationEvent {
        public Reasoning {
            requireNonNull(piece, "piece is null");
            logprobs = List.copyOf(logprobs);
        }
    }

    /** A complete call of a tool. */
    record ToolUse(ToolCall call) implements GenerationEvent {
        public ToolUse {
            requireNonNull(call, "call is null");
        }
    }

    /**
     * The end.
     *
     * @param reason why it ended
     * @param usage what it took
     * @param context tokens of prompt and answer together, to be given back with a follow-up; empty unless asked for
     * @param truncated whether some of the prompt was left out to make it fit
     * @param stop the stop string that ended it; empty if none did
     */
    record Finished(FinishReason reason, Usage usage, List<Integer> context, boolean truncated, String stop)
            implements GenerationEvent {
        public Finished {
            requireNonNull(reason, "reason is null");
            requireNonNull(usage, "usage is null");
            context = IntList.copyOf(context);
            requireNonNull(stop, "stop is null");
        }

        /** An end without a stop string. */
        public Finished(FinishReason reason, Usage usage, List<Integer> context, boolean truncated) {
            this(reason, usage, context, truncated, "");
        }
    }
}
