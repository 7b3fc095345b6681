// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.llama.ChatFormat;
import dev.puna.llama.Vocabulary;
import dev.puna.parsing.ThinkingTags;
import dev.puna.template.PromptInputs;
import dev.puna.template.PromptTemplate;
import dev.puna.template.TemplateTags;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a conversation into the text that its model was trained on.
 *
 * <p>The model's own Jinja template is run by llama.cpp (which falls back to ChatML for a model that has none); Go
 * templates are run by {@link PromptTemplate}. <b>Threads:</b> any.
 */
final class ChatTemplate {

    private final JinjaPrompts jinja;
    private final String bos;
    private volatile @Nullable Parsed lastParsed;

    ChatTemplate(ChatFormat format, Vocabulary vocabulary) {
        this.bos = JinjaPrompts.bos(vocabulary);
        this.jinja = new JinjaPrompts(format, bos);
    }

    /** Renders a conversation whose answer should have a format. */
    RenderedPrompt render(Prompt.Conversation conversation, OutputFormat format) {
        if (conversation.template().isEmpty()) {
            return jinja.render(conversation, format);
        }
        var parsed = parsed(conversation.template().get());
        var inputs = new PromptInputs(
                conversation.messages(), conversation.tools(), conversation.thinking(), conversation.suffix());
        var text = parsed.template().render(inputs);
        return new RenderedPrompt(
                !bos.isEmpty() && text.startsWith(bos) ? text.substring(bos.length()) : text,
                List.of(),
                form(conversation, parsed.tags(), text));
    }

    private static AnswerForm form(Prompt.Conversation conversation, TemplateTags tags, String prompt) {
        var thinking = conversation.thinking().wanted() && tags.tellThoughts()
                ? Optional.of(new ThinkingTags(tags.beforeThought(), tags.afterThought()))
                : Optional.<ThinkingTags>empty();
        if (thinking.isEmpty() && conversation.tools().isEmpty()) {
            return new AnswerForm.Plain();
        }
        return new AnswerForm.Tagged(
                thinking,
                thinking.isPresent() && prompt.stripTrailing().endsWith(tags.beforeThought()),
                conversation.tools().isEmpty() ? Optional.empty() : Optional.of(tags.beforeCall()),
                conversation.tools());
    }

    /** A model's template is the same from request to request. */
    private Parsed parsed(String source) {
        var last = lastParsed;
        if (last == null || !last.source().equals(source)) {
            var template = PromptTemplate.parse(source);
            last = new Parsed(source, template, template.tags());
            lastParsed = last;
        }
        return last;
    }

    private record Parsed(String source, PromptTemplate template, TemplateTags tags) {}
}
