// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.engine.GenerationEvent;

/**
 * How the events of one generation become what a route answers.
 *
 * @param <C> the record on the wire
 */
interface ResponseBuilder<C> {

    /** The line of a streamed answer that one event becomes. */
    C chunk(GenerationEvent event);

    /** Keeps an event of an answer that is not streamed. */
    void add(GenerationEvent event);

    /** All kept events as one object; the end must be among them. */
    C whole();
}
