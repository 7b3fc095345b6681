// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.answer;

import dev.puna.engine.GenerationEvent;
import dev.puna.inference.parallel.ChoiceEvent;
import java.util.List;

/** An {@link Answer} that may be made of several generations, whose events come side by side. */
public interface ChoicesAnswer extends Answer {

    /** The pieces of a streamed answer that one event becomes. */
    List<? extends Record> pieces(ChoiceEvent event);

    /** Keeps an event of an answer that is not streamed; the end of each generation must be among them. */
    void add(ChoiceEvent event);

    @Override
    default List<? extends Record> pieces(GenerationEvent event) {
        return pieces(new ChoiceEvent(0, event));
    }

    @Override
    default void add(GenerationEvent event) {
        add(new ChoiceEvent(0, event));
    }
}
