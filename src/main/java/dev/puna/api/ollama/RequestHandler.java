// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.DebugInfo;
import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import java.util.List;
import java.util.function.Supplier;

/**
 * What sets {@code /api/generate} and {@code /api/chat} apart, seen from the work they share.
 *
 * @param <C> the record on the wire
 */
interface RequestHandler<C> {

    GenerationFields fields();

    /** What the route does, as the word is used in "does not support generate". */
    String verb();

    /** Whether there is nothing to answer, so that the request is only about having the model in memory or not. */
    boolean empty();

    InstalledModel find(ModelLookup models);

    /** Refuses fields that exclude each other. */
    void check();

    /** What the model must be able to do. */
    List<Capability> needs();

    /** Images in the request. */
    int images();

    /**
     * What goes before the model.
     *
     * @param templates by which the model is spoken to
     */
    Prompt prompt(InstalledModel model, Thinking thinking, ModelTemplates templates);

    /** Whether the answer's end tells the tokens so far. */
    boolean returnsContext();

    /** The whole answer where nothing is generated. */
    C reply(RequestClock clock, String doneReason);

    /** The answer to {@code _debug_render_only}. */
    C rendered(RequestClock clock, DebugInfo info);

    /** Makes answers to be filled with events; it holds nothing of the task that is large. */
    Supplier<ResponseBuilder<C>> answers(RequestClock clock);
}
