// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import dev.puna.engine.GenerationEvent;
import java.util.List;

/**
 * Takes one answer apart while it comes in: reasoning, content and calls of tools.
 *
 * <p><b>Threads:</b> one at a time. What is due may be held back until more of the answer, or its end, settles what it is. Log
 * probabilities come with the first event that their tokens went into, or with an empty text where a call took them all.
 */
public sealed interface ResponseParser extends AutoCloseable
        permits PlainResponseParser, PegResponseParser, TagResponseParser, LenientResponseParser, FirstCallParser {

    /** What is known after more text. */
    List<GenerationEvent> read(GenerationEvent.Text more);

    /** What is left at the end, whether the model ended the answer or somebody cut it off. */
    List<GenerationEvent> end();

    @Override
    void close();
}
