// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream. All have what happened, which is the name of the event as well, and a number that grows by one; those about an
 * item have its id and its position among the items of the answer, from 0. Source: contract 1.11.
 */
public sealed interface ResponseEvent {
    /** What happened. */
    String type();

    /** The state of the answer. */
    record State(String type, int sequenceNumber, ResponseObject response) implements ResponseEvent {}

    /** An item begins, or is whole. */
    record Item(String type, int sequenceNumber, int outputIndex, OutputItem item) implements ResponseEvent {}

    /**
     * The text of a message begins, or is whole.
     *
     * @param contentIndex of the text in the message: 0
     */
    record Part(String type, int sequenceNumber, String itemId, int outputIndex, int contentIndex, TextPart part)
            implements ResponseEvent {}

    /**
     * More of the text of a message.
     *
     * @param contentIndex of the text in the message: 0
     * @param logprobs of the tokens of this piece
     */
    record TextDelta(
            String type,
            int sequenceNumber,
            String itemId,
            int outputIndex,
            int contentIndex,
            String delta,
            List<? extends Record> logprobs)
            implements ResponseEvent {
        public TextDelta {
            logprobs = List.copyOf(logprobs);
        }
    }

    /**
     * All of the text of a message.
     *
     * @param contentIndex of the text in the message: 0
     * @param logprobs of all its tokens
     */
    record WholeText(
            String type,
            int sequenceNumber,
            String itemId,
            int outputIndex,
            int contentIndex,
            String text,
            List<? extends Record> logprobs)
            implements ResponseEvent {
        public WholeText {
            logprobs = List.copyOf(logprobs);
        }
    }

    /**
     * More of thoughts.
     *
     * @param summaryIndex of the text in the thoughts: 0
     */
    record ThoughtDelta(String type, int sequenceNumber, String itemId, int outputIndex, int summaryIndex, String delta)
            implements ResponseEvent {}

    /**
     * All of the thoughts.
     *
     * @param summaryIndex of the text in the thoughts: 0
     */
    record WholeThought(String type, int sequenceNumber, String itemId, int outputIndex, int summaryIndex, String text)
            implements ResponseEvent {}

    /** What a call is made with, which comes whole. */
    record CallDelta(String type, int sequenceNumber, String itemId, int outputIndex, String delta)
            implements ResponseEvent {}

    /** A call of a function is whole. */
    record WholeCall(String type, int sequenceNumber, String itemId, int outputIndex, String name, String arguments)
            implements ResponseEvent {}

    /** A call of a tool that takes any text is whole. */
    record WholeInput(String type, int sequenceNumber, String itemId, int outputIndex, String input)
            implements ResponseEvent {}

    /**
     * The answer cannot go on.
     *
     * @param code for programs
     * @param message the sentence
     * @param param null: what is wrong is not in the request
     */
    record Failure(
            String type,
            int sequenceNumber,
            String code,
            String message,
            @Nullable String param) implements ResponseEvent {}
}
