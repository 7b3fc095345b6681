// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.answer;

import dev.puna.engine.GenerationEvent;
import java.util.List;

/** How the events of one generation become what a route answers. One answer at a time; the events come one after the other, from any thread. */
public interface Answer {

    /** The pieces of a streamed answer that one event becomes. */
    List<? extends Record> pieces(GenerationEvent event);

    /** Keeps an event of an answer that is not streamed. */
    void add(GenerationEvent event);

    /** All kept events as one object; the end must be among them. */
    Record whole();

    /** What ends a streamed answer that has begun and cannot go on; nothing for the usual event of an error. */
    default List<? extends Record> failed(Throwable reason) {
        return List.of();
    }

    /** The answer where there is nothing to go on from. */
    Record empty();

    /** The answer to {@code _debug_render_only}. */
    Record rendered(String prompt, int images);
}
