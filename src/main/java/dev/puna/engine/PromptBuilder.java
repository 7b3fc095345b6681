// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.chat.Message;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Makes tokens of prompts: renders, tokenises, and leaves out what does not fit by the contract's rules (section 1.4).
 *
 * <p><b>Threads:</b> any; takes milliseconds, more for a long conversation.
 */
final class PromptBuilder {

    private final Vocabulary vocabulary;
    private final ChatTemplate template;
    private final PromptLimits limits;
    private final int contextLength;

    PromptBuilder(Vocabulary vocabulary, ChatTemplate template, int contextLength) {
        this.vocabulary = vocabulary;
        this.template = template;
        this.limits = new PromptLimits(contextLength);
        this.contextLength = contextLength;
    }

    PreparedPrompt build(GenerationRequest request) {
        return switch (request.prompt()) {
            case Prompt.Raw raw -> fit(tokenized(new RenderedPrompt(raw.text(), List.of())), request, false);
            case Prompt.Conversation conversation -> build(conversation, request);
        };
    }

    private PreparedPrompt build(Prompt.Conversation conversation, GenerationRequest request) {
        var format = request.format();
        var whole = rendered(conversation, format);
        if (limits.fits(whole.tokens().length) || !request.truncate()) {
            return fit(whole, request, false);
        }
        var messages = conversation.messages();
        var droppable =
                (int) messages.stream().filter(message -> !message.isSystem()).count()
                        - (messages.isEmpty() || messages.getLast().isSystem() ? 0 : 1);
        var fewest = fewestDropped(
                droppable, count -> rendered(conversation.withMessages(withoutOldest(messages, count)), format));
        return fit(fewest, request, droppable > 0);
    }

    /** Rendered with as few turns left out as must be: fewer turns never make more tokens, so a binary search finds it. */
    private Tokenized fewestDropped(int droppable, IntFunction<Tokenized> render) {
        var low = Math.min(1, droppable);
        var high = droppable;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (limits.fits(render.apply(middle).tokens().length)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return render.apply(low);
    }

    private static List<Message> withoutOldest(List<Message> messages, int count) {
        var kept = new ArrayList<Message>();
        var dropped = 0;
        for (var message : messages) {
            if (!message.isSystem() && dropped < count) {
                dropped++;
            } else {
                kept.add(message);
            }
        }
        return kept;
    }

    private PreparedPrompt fit(Tokenized prompt, GenerationRequest request, boolean truncated) {
        var tokens = prompt.tokens();
        if (tokens.length == 0) {
            throw new InvalidRequest(
                    "the prompt is empty and the model adds no begin token, so there is nothing to go on from");
        }
        var stops = new ArrayList<>(request.options().stop());
        stops.addAll(prompt.rendered().stops());
        if (limits.fits(tokens.length)) {
            return prompt.prepared(tokens, stops, truncated);
        }
        if (!request.truncate()) {
            throw limits.tooLongWithoutTruncation(tokens.length);
        }
        if (!request.shift()) {
            throw PromptLimits.tooLongWithoutShift();
        }
        var keep = PromptLimits.tokensToKeep(request.options().numKeep(), vocabulary.addsBos(), contextLength);
        return prompt.prepared(limits.cutMiddle(tokens, keep), stops, true);
    }

    private Tokenized rendered(Prompt.Conversation conversation, OutputFormat format) {
        var prompt = template.render(conversation, format);
        if (conversation.context().isEmpty()) {
            return tokenized(prompt);
        }
        for (var token : conversation.context()) {
            if (token < 0 || token >= vocabulary.size()) {
                throw new InvalidRequest("context holds " + token + ", which is no token of this model");
            }
        }
        var earlier = new String(vocabulary.bytes(TokenList.unboxed(conversation.context())), UTF_8);
        return tokenized(new RenderedPrompt(earlier + prompt.text(), prompt.stops(), prompt.form()));
    }

    private Tokenized tokenized(RenderedPrompt prompt) {
        return new Tokenized(prompt, vocabulary.tokenize(prompt.text(), true, true));
    }

    private record Tokenized(RenderedPrompt rendered, int[] tokens) {

        /** With the tokens that are left of it. */
        PreparedPrompt prepared(int[] left, List<String> stops, boolean truncated) {
            return new PreparedPrompt(rendered.text(), left, stops, rendered.form(), truncated);
        }
    }
}
