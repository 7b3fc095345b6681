// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.chat.Image;
import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt;
import dev.puna.inference.capability.ModelCapabilities;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import java.util.List;
import java.util.function.UnaryOperator;

/** What sets one kind of {@link CompletionRequest} apart, seen from the work they share. */
sealed interface RequestHandler permits ChatHandler, GenerateHandler, DirectHandler {

    static RequestHandler of(CompletionRequest request) {
        return switch (request) {
            case ChatCompletion chat -> new ChatHandler(chat);
            case TextCompletion text -> new GenerateHandler(text);
            case DirectCompletion direct -> new DirectHandler(direct);
        };
    }

    /** What is asked for, as the word is used in "does not support generate". */
    String verb();

    /** Whether there is nothing to answer, so that the request is only about having the model in memory or not. */
    boolean empty();

    /** Refuses fields that exclude each other. */
    void check();

    /** What the model must be able to do. */
    List<Capability> needs();

    /** Images in the request. */
    int images();

    /** Addresses of those images whose bytes are not here. */
    default List<String> imageAddresses() {
        return List.of();
    }

    /** The same request with its images replaced one by one. */
    default RequestHandler withImages(UnaryOperator<Image> other) {
        return this;
    }

    /**
     * What goes before the model.
     *
     * @param capabilities what the model can do, and by which template it is spoken to
     */
    Prompt prompt(InstalledModel model, Thinking thinking, ModelCapabilities capabilities);

    /** Whether the answer's end tells the tokens so far. */
    boolean returnsContext();
}
