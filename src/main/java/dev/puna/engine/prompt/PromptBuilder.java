// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.chat.Image;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.media.ImageTags;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Makes tokens of prompts: renders, tokenises, and leaves out what does not fit by contract 1.4.
 *
 * <p>Of what is many contexts long only so much is rendered and tokenised as shows what stays. <b>Threads:</b> any; takes
 * milliseconds, more for a long conversation.
 */
public final class PromptBuilder {

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final Optional<BiFunction<String, List<Image>, TokenList>> vision;
    private final PromptLimits limits;
    private final int contextLength;
    private final SystemParts systemParts = new SystemParts();

    /**
     * @param vision of a model that sees or hears: makes tokens of a text and the images that its tags name
     */
    public PromptBuilder(
            Tokenizer tokenizer,
            ChatTemplate template,
            Optional<BiFunction<String, List<Image>, TokenList>> vision,
            int contextLength) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.vision = vision;
        this.limits = new PromptLimits(contextLength);
        this.contextLength = contextLength;
    }

    /** The prompt of a request that is not abandoned. */
    public PreparedPrompt build(GenerationRequest request) {
        return build(request, () -> false);
    }

    /** How many tokens the prompt of a request has, whether they fit or not. */
    public int count(GenerationRequest request) {
        var work = new PromptWork(() -> false);
        return switch (request.prompt()) {
            case Prompt.Raw raw -> count(tokenized(raw, work));
            case Prompt.Conversation conversation ->
                count(rendered(conversation, earlier(conversation.context()), request.format(), work));
            case Prompt.Tokens given -> given.tokens().size();
            case Prompt.FillIn gap ->
                new FillInPrompts(tokenizer, contextLength, work)
                        .of(gap, request)
                        .tokens()
                        .size();
        };
    }

    private int count(TextPrompt prompt) {
        return vision.filter(_ -> !prompt.images().isEmpty())
                .map(encoder ->
                        encoder.apply(prompt.rendered().text(), prompt.images()).size())
                .orElseGet(() -> prompt.tokens().countUpTo(Integer.MAX_VALUE));
    }

    /**
     * The tokens of a request's prompt, with what its template says of the answer.
     *
     * @param abandoned asked between the steps of a long work whether the result is still wanted
     * @throws Cancelled once it is not
     */
    public PreparedPrompt build(GenerationRequest request, BooleanSupplier abandoned) {
        var work = new PromptWork(abandoned);
        return switch (request.prompt()) {
            case Prompt.Raw raw -> fit(tokenized(raw, work), request, false);
            case Prompt.Tokens given -> fit(given.tokens(), request);
            case Prompt.FillIn gap -> new FillInPrompts(tokenizer, contextLength, work).of(gap, request);
            case Prompt.Conversation conversation -> build(conversation, request, work);
        };
    }

    /**
     * How many tokens from the start of a request's prompt end with the system text and the tools; 0 if it has neither.
     *
     * @param tokens of the prompt
     * @param abandoned as for {@link #build(GenerationRequest, BooleanSupplier)}
     */
    public int systemPart(GenerationRequest request, TokenList tokens, BooleanSupplier abandoned) {
        return request.prompt() instanceof Prompt.Conversation conversation
                        && conversation.context().isEmpty()
                ? systemParts.of(
                        conversation, tokens, other -> rendered(other, "", request.format(), new PromptWork(abandoned))
                                .tokens()
                                .all())
                : 0;
    }

    private PreparedPrompt build(Prompt.Conversation conversation, GenerationRequest request, PromptWork work) {
        var turns = new Turns(conversation);
        var earlier = earlier(conversation.context());
        var most = limits.mostTokens();
        var renderings = new Renderings(turns.droppable(), most, dropped -> {
            work.check();
            return rendered(conversation.withMessages(turns.without(dropped)), earlier, request.format(), work);
        });
        if (!request.truncate()) {
            limits.refuseFarTooLong(
                    turns, dropped -> renderings.without(dropped).size(Integer.MAX_VALUE));
            return fit(renderings.without(0), request, false);
        }
        var fewest = new OldestTurns(turns::left, most).fewest(turns.droppable(), renderings::tokens);
        return fit(renderings.without(fewest), request, fewest > 0);
    }

    private PreparedPrompt fit(TextPrompt prompt, GenerationRequest request, boolean truncated) {
        var stops = new ArrayList<>(request.options().stop());
        stops.addAll(prompt.rendered().stops());
        var imaged = withImages(prompt, request);
        if (imaged.isPresent()) {
            return prompt.prepared(imaged.get(), stops, truncated);
        }
        var tokens = prompt.tokens();
        if (limits.fits(tokens.countUpTo(limits.mostTokens()))) {
            return prompt.prepared(new TokenList(tokens.all()), stops, truncated);
        }
        if (!request.truncate()) {
            throw limits.tooLongWithoutTruncation(tokens.countUpTo(Integer.MAX_VALUE));
        }
        if (!request.shift()) {
            throw PromptLimits.tooLongWithoutShift();
        }
        var keep = PromptLimits.tokensToKeep(request.options().numKeep(), tokenizer.addsBos(), contextLength);
        return prompt.prepared(new TokenList(limits.cutMiddle(tokens::first, tokens::last, keep)), stops, true);
    }

    /** Tokens that were given as such, cut as those of a text. */
    private PreparedPrompt fit(List<Integer> given, GenerationRequest request) {
        requireTokens(given, "prompt");
        var tokens = TokenList.unboxed(given);
        var fits = limits.fits(tokens.length);
        if (!fits && !request.truncate()) {
            throw limits.tooLongWithoutTruncation(tokens.length);
        }
        if (!fits && !request.shift()) {
            throw PromptLimits.tooLongWithoutShift();
        }
        var kept = fits ? tokens : cut(tokens, request.options().numKeep());
        var text = new String(tokenizer.bytes(kept), UTF_8);
        return new PreparedPrompt(
                text, new TokenList(kept), request.options().stop(), new ResponseFormat.Plain(), List.of(), !fits);
    }

    private int[] cut(int[] tokens, int numKeep) {
        var keep = PromptLimits.tokensToKeep(numKeep, tokenizer.addsBos(), contextLength);
        return limits.cutMiddle(
                count -> Arrays.copyOf(tokens, count),
                count -> Arrays.copyOfRange(tokens, tokens.length - count, tokens.length),
                keep);
    }

    /** The tokens of a prompt that names images. Their middle cannot be cut out. */
    private Optional<TokenList> withImages(TextPrompt prompt, GenerationRequest request) {
        if (prompt.images().isEmpty()) {
            return Optional.empty();
        }
        var encoder = vision.orElseThrow(() -> new InvalidRequest("this model has no projector, so it sees no images"));
        var text = prompt.rendered().text();
        var words = limits.countFarTooLong(prompt.tokens()::countUpTo);
        if (words.isPresent() && ImageTags.names(text)) {
            throw request.truncate() ? PromptLimits.tooLongWithoutShift() : limits.moreThanFit(words.getAsInt());
        }
        // Each takes a token at least, and tags cost a client little.
        if (ImageTags.count(text, prompt.images().size()) > contextLength) {
            throw PromptLimits.tooLongWithoutShift();
        }
        var tokens = encoder.apply(text, prompt.images());
        if (tokens.images().isEmpty()) {
            return Optional.empty();
        }
        if (tokens.images().getLast().end() == tokens.size()) {
            throw new InvalidRequest("the prompt ends with an image; some text has to follow it");
        }
        if (!limits.fits(tokens.size())) {
            throw request.truncate()
                    ? PromptLimits.tooLongWithoutShift()
                    : limits.tooLongWithoutTruncation(tokens.size());
        }
        return Optional.of(tokens);
    }

    private TextPrompt rendered(
            Prompt.Conversation conversation, String earlier, OutputFormat format, PromptWork work) {
        var tagged = ImageTags.of(conversation.messages());
        var prompt = template.render(conversation.withMessages(tagged.messages()), format);
        if (earlier.isEmpty()) {
            return tokenized(prompt, tagged.images(), work);
        }
        // Tokens cannot carry images on: a tag of an earlier one must not name one of now.
        var text = tagged.images().isEmpty() ? earlier : ImageTags.removed(earlier);
        return tokenized(
                new RenderedPrompt(text + prompt.text(), prompt.stops(), prompt.responseFormat()),
                tagged.images(),
                work);
    }

    /** The text of an earlier exchange. */
    private String earlier(List<Integer> context) {
        requireTokens(context, "context");
        return context.isEmpty() ? "" : new String(tokenizer.bytes(TokenList.unboxed(context)), UTF_8);
    }

    private void requireTokens(List<Integer> tokens, String field) {
        for (var token : tokens) {
            if (token < 0 || token >= tokenizer.size()) {
                throw new InvalidRequest("%s holds %d, which is no token of this model".formatted(field, token), field);
            }
        }
    }

    private TextPrompt tokenized(Prompt.Raw raw, PromptWork work) {
        var text = ImageTags.completed(raw.text(), raw.images().size());
        return tokenized(new RenderedPrompt(text, List.of()), raw.images(), work);
    }

    private TextPrompt tokenized(RenderedPrompt prompt, List<Image> images, PromptWork work) {
        return new TextPrompt(prompt, images, tokenizer.tokens(prompt.text(), true, work::check));
    }
}
