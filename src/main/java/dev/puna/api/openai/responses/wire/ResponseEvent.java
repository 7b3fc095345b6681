// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream; what its type does not have is left out. Source: contract 1.11.
 *
 * @param type what happened, which is the name of the event as well
 * @param sequenceNumber grows by one
 * @param response the state of the answer
 * @param itemId of the item that it is about
 * @param outputIndex position of the item among those of the answer, from 0
 * @param contentIndex of the text in a message: 0
 * @param summaryIndex of the text in thoughts: 0
 * @param item an item that begins, or is whole
 * @param part a text that begins, or is whole
 * @param delta more of a text, or of what a call is made with
 * @param text a whole text
 * @param logprobs of the tokens of a message's text
 * @param name of the function of a whole call
 * @param arguments of a whole call of a function
 * @param input of a whole call of a tool that takes any text
 * @param code of an error, for programs
 * @param message of an error
 * @param param of an error: null
 */
@JsonInclude(Include.NON_NULL)
public record ResponseEvent(
        String type,
        int sequenceNumber,
        @Nullable ResponseObject response,
        @Nullable String itemId,
        @Nullable Integer outputIndex,
        @Nullable Integer contentIndex,
        @Nullable Integer summaryIndex,
        @Nullable OutputItem item,
        @Nullable TextPart part,
        @Nullable String delta,
        @Nullable String text,
        @Nullable List<? extends Record> logprobs,
        @Nullable String name,
        @Nullable String arguments,
        @Nullable String input,
        @Nullable String code,
        @Nullable String message,
        @JsonRawValue @Nullable String param) {

    public ResponseEvent {
        logprobs = logprobs == null ? null : List.copyOf(logprobs);
    }
}
