// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * Makes tokens of prompts: renders, tokenises, and leaves out what does not fit by contract 1.4.
 *
 * <p><b>Threads:</b> any; takes milliseconds, more for a long conversation.
 */
final class PromptBuilder {

    /** What a picture is taken for until it is known. Source: contract 1.4. */
    private static final int TOKENS_OF_A_PICTURE = 768;

    /** A conversation of so many contexts has more turns that go than turns that stay. */
    private static final int FAR_TOO_LONG = 4;

    private final Vocabulary vocabulary;
    private final ChatTemplate template;
    private final Optional<Sight> sight;
    private final PromptLimits limits;
    private final int contextLength;

    /**
     * @param sight of a model that sees or hears
     */
    PromptBuilder(Vocabulary vocabulary, ChatTemplate template, Optional<Sight> sight, int contextLength) {
        this.vocabulary = vocabulary;
        this.template = template;
        this.sight = sight;
        this.limits = new PromptLimits(contextLength);
        this.contextLength = contextLength;
    }

    PreparedPrompt build(GenerationRequest request) {
        return build(request, () -> false);
    }

    /**
     * @param abandoned asked between the steps of a long work whether the result is still wanted
     * @throws Cancelled once it is not
     */
    PreparedPrompt build(GenerationRequest request, BooleanSupplier abandoned) {
        return switch (request.prompt()) {
            case Prompt.Raw raw -> fit(tokenized(raw), request, false);
            case Prompt.Conversation conversation -> build(conversation, request, abandoned);
        };
    }

    private PreparedPrompt build(
            Prompt.Conversation conversation, GenerationRequest request, BooleanSupplier abandoned) {
        var format = request.format();
        var whole = rendered(conversation, format);
        if (limits.fits(whole.size()) || !request.truncate()) {
            return fit(whole, request, false);
        }
        var messages = conversation.messages();
        var droppable =
                (int) messages.stream().filter(message -> !message.isSystem()).count()
                        - (messages.isEmpty() || messages.getLast().isSystem() ? 0 : 1);
        IntFunction<Tokenized> without = count -> {
            if (abandoned.getAsBoolean()) {
                throw new Cancelled("nobody waits for the prompt any more");
            }
            return rendered(conversation.withMessages(withoutOldest(messages, count)), format);
        };
        var farTooLong = whole.size() / FAR_TOO_LONG > contextLength;
        var fewest = OldestTurns.fewest(
                droppable, farTooLong, count -> limits.fits(without.apply(count).size()));
        return fit(without.apply(fewest), request, droppable > 0);
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
        var tokens = prompt.tokens(sight, contextLength);
        var stops = new ArrayList<>(request.options().stop());
        stops.addAll(prompt.rendered().stops());
        if (!tokens.pictures().isEmpty() && tokens.pictures().getLast().end() == tokens.size()) {
            throw new InvalidRequest("the prompt ends with an image; some text has to follow it");
        }
        if (limits.fits(tokens.size())) {
            return prompt.prepared(tokens, stops, truncated);
        }
        if (!request.truncate()) {
            throw limits.tooLongWithoutTruncation(tokens.size());
        }
        // The middle of pictures cannot be cut out.
        if (!request.shift() || !tokens.pictures().isEmpty()) {
            throw PromptLimits.tooLongWithoutShift();
        }
        var keep = PromptLimits.tokensToKeep(request.options().numKeep(), vocabulary.addsBos(), contextLength);
        return prompt.prepared(new TokenList(limits.cutMiddle(tokens.text(), keep)), stops, true);
    }

    private Tokenized rendered(Prompt.Conversation conversation, OutputFormat format) {
        var tagged = PictureTags.of(conversation.messages());
        var prompt = template.render(conversation.withMessages(tagged.messages()), format);
        if (conversation.context().isEmpty()) {
            return tokenized(prompt, tagged.images());
        }
        for (var token : conversation.context()) {
            if (token < 0 || token >= vocabulary.size()) {
                throw new InvalidRequest("context holds " + token + ", which is no token of this model");
            }
        }
        var earlier = new String(vocabulary.bytes(TokenList.unboxed(conversation.context())), UTF_8);
        // Tokens cannot carry pictures on: a tag of an earlier one must not name one of now.
        var text = tagged.images().isEmpty() ? earlier : PictureTags.removed(earlier);
        return tokenized(new RenderedPrompt(text + prompt.text(), prompt.stops(), prompt.form()), tagged.images());
    }

    private Tokenized tokenized(Prompt.Raw raw) {
        var text = PictureTags.completed(raw.text(), raw.images().size());
        return tokenized(new RenderedPrompt(text, List.of()), raw.images());
    }

    private Tokenized tokenized(RenderedPrompt prompt, List<Image> images) {
        return new Tokenized(prompt, images, vocabulary.tokenize(prompt.text(), true, true));
    }

    private record Tokenized(RenderedPrompt rendered, List<Image> images, int[] text) {

        /** What is held against the context to see whether turns must be left out; pictures count alike. */
        int size() {
            return text.length + TOKENS_OF_A_PICTURE * images.size();
        }

        TokenList tokens(Optional<Sight> sight, int contextLength) {
            if (images.isEmpty()) {
                return new TokenList(text);
            }
            return sight.orElseThrow(() -> new InvalidRequest("this model has no projector, so it sees no images"))
                    .tokenize(rendered.text(), images, contextLength);
        }

        /** With the tokens that are left of it. */
        PreparedPrompt prepared(TokenList left, List<String> stops, boolean truncated) {
            return new PreparedPrompt(rendered.text(), left, stops, rendered.form(), images, truncated);
        }
    }
}
