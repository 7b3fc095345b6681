// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.ChatChunk;
import dev.puna.api.ollama.wire.DebugInfo;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The work of {@code /api/chat}. Source: contract 1.4. */
record ChatHandler(ChatRequest request) implements RequestHandler<ChatChunk> {

    @Override
    public GenerationFields fields() {
        return request.fields();
    }

    @Override
    public String verb() {
        return "chat";
    }

    @Override
    public boolean empty() {
        return request.messages().isEmpty();
    }

    @Override
    public InstalledModel find(ModelLookup models) {
        return models.findForChat(fields().model(), fields().runner());
    }

    @Override
    public void check() {}

    @Override
    public List<Capability> needs() {
        return request.tools().isEmpty()
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
    public Prompt prompt(InstalledModel model, Thinking thinking, ModelTemplates templates) {
        return new Prompt.Conversation(messages(model), request.tools(), thinking, templates.ofChat(), "", List.of());
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
        return keepsThinkingInText(model) ? ThinkTags.removedFromHistory(messages) : messages;
    }

    private static boolean keepsThinkingInText(InstalledModel model) {
        return model.config().modelFamily().equals("qwen3")
                || model.name().model().equals("deepseek-r1");
    }

    @Override
    public boolean returnsContext() {
        return false;
    }

    @Override
    public ChatChunk reply(RequestClock clock, String doneReason) {
        return ChatChunk.reply(fields().model(), clock.now(), doneReason);
    }

    @Override
    public ChatChunk rendered(RequestClock clock, DebugInfo info) {
        return ChatChunk.rendered(fields().model(), clock.now(), info);
    }

    @Override
    public Supplier<ResponseBuilder<ChatChunk>> answers(RequestClock clock) {
        var model = fields().model();
        return () -> new ChatResponseBuilder(model, clock);
    }
}
