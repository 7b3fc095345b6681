// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.parsing.ThinkingTags;
import dev.puna.template.PromptInputs;
import dev.puna.template.PromptTemplate;
import dev.puna.tokenization.Tokenizer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders conversations with Go templates, and learns from them by which tags the answer is taken apart. <b>Threads:</b> any.
 * Source: contract 8.
 */
final class GoPrompts {

    private final String bos;
    private volatile @Nullable Parsed newest;

    /** A model's template is the same from request to request, so the newest is kept. */
    private record Parsed(String source, PromptTemplate template) {}

    GoPrompts(Tokenizer tokenizer) {
        this.bos = JinjaPrompts.begin(tokenizer);
    }

    RenderedPrompt render(Prompt.Conversation conversation, OutputFormat wanted, String source) {
        var template = parsed(source);
        var inputs = new PromptInputs(
                conversation.messages(), conversation.tools(), conversation.thinking(), conversation.suffix());
        var text = template.render(inputs);
        var withoutBos = !bos.isEmpty() && text.startsWith(bos) ? text.substring(bos.length()) : text;
        return new RenderedPrompt(withoutBos, List.of(), responseFormat(conversation, wanted, template, withoutBos));
    }

    private PromptTemplate parsed(String source) {
        var known = newest;
        if (known == null || !known.source().equals(source)) {
            known = new Parsed(source, PromptTemplate.parse(source));
            newest = known;
        }
        return known.template();
    }

    private static ResponseFormat responseFormat(
            Prompt.Conversation conversation, OutputFormat wanted, PromptTemplate template, String text) {
        var tags = template.answerTags();
        var thinks = conversation.thinking().wanted() && tags.thinks();
        var callable = CallableTools.of(conversation);
        if (!thinks && callable.isEmpty()) {
            return new ResponseFormat.Plain();
        }
        return new ResponseFormat.Tagged(
                thinks ? Optional.of(new ThinkingTags(tags.thinkingOpen(), tags.thinkingClose())) : Optional.empty(),
                thinks && text.strip().endsWith(tags.thinkingOpen()),
                Optional.of(tags.toolCall()),
                callable,
                callable.required() || (!callable.isEmpty() && wanted.schema().isPresent()));
    }
}
