// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

/** What an error looks like in the bodies of one API. */
@FunctionalInterface
public interface ErrorShape {
    /** One object with the sentence as {@code error}: that of Ollama, and of routes that belong to no API. */
    ErrorShape SENTENCE = error -> new ErrorBody(error.text());

    /** The record that becomes the body, or the last item of a stream. */
    Record body(ErrorResponse error);
}
