// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.tokenization.Tokenizer;

/**
 * Turns a conversation into the text that its model was trained on.
 *
 * <p>The model's own Jinja template is run by llama.cpp (which falls back to ChatML for a model that has none); Go templates are
 * run here. <b>Threads:</b> any.
 */
public final class ChatTemplate {

    private final JinjaPrompts jinja;
    private final GoPrompts go;

    public ChatTemplate(JinjaTemplate template, Tokenizer tokenizer) {
        this.jinja = new JinjaPrompts(template, tokenizer);
        this.go = new GoPrompts(tokenizer);
    }

    /** Renders a conversation whose answer should have a format. */
    RenderedPrompt render(Prompt.Conversation conversation, OutputFormat format) {
        return conversation.template().isEmpty()
                ? jinja.render(conversation, format)
                : go.render(conversation, format, conversation.template().get());
    }
}
