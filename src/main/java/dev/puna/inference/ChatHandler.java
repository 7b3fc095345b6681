// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt;
import dev.puna.inference.capability.ModelCapabilities;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The next turn of a conversation. Source: contract 1.4. */
record ChatHandler(ChatCompletion request) implements RequestHandler {

    @Override
    public String verb() {
        return "chat";
    }

    @Override
    public boolean empty() {
        return request.messages().isEmpty();
    }

    @Override
    public void check() {}

    @Override
    public List<Capability> needs() {
        return request.shownTools().isEmpty()
                ? List.of(Capability.COMPLETION)
                : List.of(Capability.COMPLETION, Capability.TOOLS);
    }

    @Override
    public int images() {
        return request.messages().stream()
                .mapToInt(message -> message.images().size())
                .sum();
    }

    @Override
    public List<String> imageAddresses() {
        return request.messages().stream()
                .flatMap(message -> message.images().stream())
                .filter(Image::isElsewhere)
                .map(Image::address)
                .toList();
    }

    @Override
    public ChatHandler withImages(UnaryOperator<Image> other) {
        var messages = request.messages().stream()
                .map(message -> message.withImages(other))
                .toList();
        return new ChatHandler(new ChatCompletion(request.parameters(), messages, request.tools(), request.calling()));
    }

    @Override
    public Prompt prompt(InstalledModel model, Thinking thinking, ModelCapabilities capabilities) {
        return new Prompt.Conversation(
                messages(model),
                request.shownTools(),
                request.calling(),
                thinking,
                capabilities.templates().ofChat(),
                "",
                List.of());
    }

    /** The model's system text unless the request begins with one of its own, the model's examples, the request's turns. */
    private List<Message> messages(InstalledModel model) {
        var messages = new ArrayList<Message>();
        var system = model.system().orElse("");
        if (!system.isEmpty() && !request.messages().getFirst().isSystem()) {
            messages.add(Message.of("system", system));
        }
        model.messages().forEach(stored -> messages.add(Message.of(stored.role(), stored.content())));
        messages.addAll(request.messages());
        return ThinkTags.mayBeInTextOf(model) ? ThinkTags.removedFromHistory(messages) : messages;
    }

    @Override
    public boolean returnsContext() {
        return false;
    }
}
