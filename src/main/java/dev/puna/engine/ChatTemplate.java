// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.chat.Message;
import dev.puna.failure.Unsupported;
import dev.puna.llama.ChatFormat;
import dev.puna.llama.Vocabulary;
import java.util.List;

/**
 * Turns a conversation into the text that its model was trained on.
 *
 * <p>The model's own Jinja template is run by llama.cpp (which falls back to ChatML for a model that has none). Of Go templates
 * only the bare {@code {{ .Prompt }}} is known: the last user's text and nothing around it. <b>Threads:</b> any.
 */
final class ChatTemplate {

    private final JinjaPrompts jinja;

    ChatTemplate(ChatFormat format, Vocabulary vocabulary) {
        this.jinja = new JinjaPrompts(format, vocabulary);
    }

    /** Renders a conversation whose answer should have a format. */
    RenderedPrompt render(Prompt.Conversation conversation, OutputFormat format) {
        if (conversation.template().isEmpty()) {
            return jinja.render(conversation, format);
        }
        var source = conversation.template().get().strip().replace(" ", "");
        if (source.equals("{{.Prompt}}")) {
            return new RenderedPrompt(lastUserText(conversation.messages()), List.of());
        }
        throw new Unsupported(
                "this model's prompt template is written in Go's template language, which this version does not run"
                        + " yet; use a model whose GGUF file brings a Jinja template, or \"raw\": true");
    }

    private static String lastUserText(List<Message> messages) {
        return messages.reversed().stream()
                .filter(Message::isUser)
                .map(Message::content)
                .findFirst()
                .orElse("");
    }
}
