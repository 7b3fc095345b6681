// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A conversation as text.
 *
 * @param text without the begin token, which the tokenizer adds
 * @param stops strings with which the template's format ends an answer
 * @param responseFormat the shape of the answer to it
 */
public record RenderedPrompt(String text, List<String> stops, ResponseFormat responseFormat) {

    public RenderedPrompt {
        stops = List.copyOf(stops);
        requireNonNull(responseFormat, "responseFormat is null");
    }

    /** A prompt whose answer is only text. */
    RenderedPrompt(String text, List<String> stops) {
        this(text, stops, new ResponseFormat.Plain());
    }
}
