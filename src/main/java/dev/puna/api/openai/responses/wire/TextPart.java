// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text in an item.
 *
 * @param type {@code output_text} of a message, {@code summary_text} of thoughts
 * @param text what is said
 * @param annotations of a message: none
 * @param logprobs of a message: those of its tokens, if asked for
 */
@JsonInclude(Include.NON_NULL)
public record TextPart(
        String type,
        String text,
        @Nullable List<String> annotations,
        @Nullable List<? extends Record> logprobs) {
    public TextPart {
        annotations = annotations == null ? null : List.copyOf(annotations);
        logprobs = logprobs == null ? null : List.copyOf(logprobs);
    }

    /** That of a message. */
    public static TextPart said(String text, List<? extends Record> logprobs) {
        return new TextPart("output_text", text, List.of(), logprobs);
    }

    /** That of thoughts. */
    public static TextPart thought(String text) {
        return new TextPart("summary_text", text, null, null);
    }
}
