// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.List;

/**
 * A conversation as text.
 *
 * @param text without the begin token, which the tokenizer adds
 * @param stops strings with which the template's format ends an answer
 */
record RenderedPrompt(String text, List<String> stops) {

    RenderedPrompt {
        stops = List.copyOf(stops);
    }
}
