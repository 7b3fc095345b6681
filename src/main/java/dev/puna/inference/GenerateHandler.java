// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.capability.ModelCapabilities;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import dev.puna.template.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What follows a prompt. Source: contract 1.3. */
record GenerateHandler(TextCompletion request) implements RequestHandler {

    @Override
    public String verb() {
        return "generate";
    }

    @Override
    public boolean empty() {
        return request.prompt().isEmpty() && !fillsIn();
    }

    @Override
    public void check() {
        var context = request.context().orElse(List.of());
        if (request.raw() && !(request.template().isEmpty() && request.system().isEmpty() && context.isEmpty())) {
            throw new InvalidRequest("raw mode does not support template, system, or context");
        }
    }

    @Override
    public List<Capability> needs() {
        return List.of(Capability.COMPLETION);
    }

    /** At the beginning of a file there is only what follows. Ollama takes that for a wish to have the model in memory. */
    private boolean fillsIn() {
        return !request.suffix().isEmpty() && !request.raw();
    }

    @Override
    public int images() {
        return request.images().size();
    }

    @Override
    public Prompt prompt(InstalledModel model, Thinking thinking, ModelCapabilities capabilities) {
        if (!request.suffix().isEmpty() && !capabilities.include(Capability.INSERT)) {
            // No template says how; whether the vocabulary has marks for it, the engine finds out.
            var refusal = model.name().fullName() + " does not support " + Capability.INSERT.word();
            return new Prompt.FillIn(request.prompt(), request.suffix(), "", List.of(), refusal);
        }
        if (request.raw()) {
            return new Prompt.Raw(request.prompt(), request.images());
        }
        var template =
                request.template().isEmpty() ? capabilities.templates().ofPrompt() : Optional.of(checkedTemplate());
        var context = request.context().orElse(List.of());
        return new Prompt.Conversation(messages(model), List.of(), thinking, template, request.suffix(), context);
    }

    /** The request's template, refused before anything is loaded if it is none. */
    private String checkedTemplate() {
        PromptTemplate.parse(request.template());
        return request.template();
    }

    private List<Message> messages(InstalledModel model) {
        var messages = new ArrayList<Message>();
        if (request.suffix().isEmpty()) {
            var system = request.system().isEmpty() ? model.system().orElse("") : request.system();
            if (!system.isEmpty()) {
                messages.add(Message.of("system", system));
            }
            if (request.context().isEmpty()) {
                model.messages().forEach(stored -> messages.add(Message.of(stored.role(), stored.content())));
            }
        }
        messages.add(new Message("user", request.prompt(), "", request.images(), List.of(), "", ""));
        return messages;
    }

    @Override
    public boolean returnsContext() {
        return !request.raw();
    }
}
