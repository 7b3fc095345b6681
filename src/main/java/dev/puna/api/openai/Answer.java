// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.inference.parallel.ChoiceEvent;
import java.util.List;

/** How the events of a request's generations, mostly one, become what a route answers. One answer at a time; the events come one after the other, from any thread. */
interface Answer {

    /** The pieces of a streamed answer that one event becomes. */
    List<? extends Record> pieces(ChoiceEvent event);

    /** Keeps an event of an answer that is not streamed. */
    void add(ChoiceEvent event);

    /** All kept events as one object; the end of each generation must be among them. */
    Record whole();

    /** The answer where there is nothing to go on from. */
    Record empty();

    /** The answer to {@code _debug_render_only}. */
    Record rendered(String prompt, int images);
}
