// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.Usage;
import dev.puna.engine.checkpoint.Landmarks;
import dev.puna.engine.prompt.PreparedPrompt;
import dev.puna.engine.response.ResponseParser;
import dev.puna.engine.response.ResponseText;
import dev.puna.engine.response.TokenCounts;
import dev.puna.engine.stream.EventStream;
import dev.puna.engine.token.ImageSpan;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.Failure;
import dev.puna.llama.Sampler;
import dev.puna.model.AdapterScales;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One generation under way: its tokens, how many of them the KV cache holds, and where its answer goes.
 *
 * <p><b>Owns</b> a sampler and a parser. <b>Threads:</b> the decode loop's.
 */
final class Sequence {

    private final PreparedPrompt prompt;
    private final GenerationRequest request;
    private final EventStream stream;
    private final Sampler sampler;
    private final ResponseText text;
    private final ResponseParser parser;
    private final TokenList tokens;

    /** How many tokens from the start are in the KV cache; the rest is still to be decoded. */
    private int decoded;

    /** How many tokens of the image that comes next are in the KV cache; 0 unless that is decoded in parts. */
    private int decodedOfImage;

    /** When it took part in a step last, as a number that grows from turn to turn. */
    private long lastTurn;

    private @Nullable CacheSlot slot;
    private boolean preempted;
    private boolean shiftPending;
    private final Map<Integer, float[]> vectors;
    private final int mostTokens;

    /** How many tokens from the start were computed after these very tokens; fewer than all once a middle was cut out. */
    private int exact = Integer.MAX_VALUE;

    private final Landmarks landmarks = new Landmarks();
    private final TokenCounts counts = new TokenCounts();

    /** How many of the last tokens were not sampled, since nothing else could come. */
    private int forced;

    /**
     * @param vectors of the images in the prompt, by their ids
     */
    Sequence(
            PreparedPrompt prompt,
            Map<Integer, float[]> vectors,
            GenerationRequest request,
            EventStream stream,
            Sampler sampler,
            ResponseParser parser,
            int mostTokens) {
        this.prompt = prompt;
        this.request = request;
        this.stream = stream;
        this.sampler = sampler;
        this.parser = parser;
        this.text = new ResponseText(prompt.stops());
        this.tokens = new TokenList(
                prompt.tokens().head(prompt.tokens().size()), prompt.tokens().images(), request.adapters());
        this.vectors = Map.copyOf(vectors);
        this.mostTokens = mostTokens;
    }

    PreparedPrompt prompt() {
        return prompt;
    }

    GenerationRequest request() {
        return request;
    }

    /** Whether the request has a seed: the same request is to get the same answer. */
    boolean seeded() {
        return request.options().seed().isPresent();
    }

    /** The adapters that all of it is computed with. */
    AdapterScales adapters() {
        return request.adapters();
    }

    /** The tokens of the prompt, then the sampled ones, without those cut out by {@link CacheSlots#cut}. */
    TokenList tokens() {
        return tokens;
    }

    Sampler sampler() {
        return sampler;
    }

    /** The slot of the sequence in the KV cache; empty while it waits for one. */
    Optional<CacheSlot> slot() {
        return Optional.ofNullable(slot);
    }

    /** The slot of a sequence that has one. */
    CacheSlot place() {
        return requireNonNull(slot, "a sequence without a slot cannot run");
    }

    /** How many tokens from the start are in the KV cache. */
    int decoded() {
        return decoded;
    }

    /** The cache position of the next token. */
    int nextPosition() {
        return tokens.position(decoded);
    }

    /** How many tokens of the next image are in the KV cache. */
    int decodedOfImage() {
        return decodedOfImage;
    }

    /** Tokens that must go through the model before the next one can be sampled. */
    int pending() {
        return tokens.size() - decoded;
    }

    /** Whether all that is {@link #pending} is what the last step gave, or the last token of a prompt. */
    boolean generates() {
        return pending() <= 1 + forced;
    }

    /** The image that has to be decoded before anything else can be. */
    Optional<ImageSpan> nextImage() {
        return tokens.imageAt(decoded);
    }

    /** The vectors of an image of the prompt. */
    float[] vectorsOf(ImageSpan image) {
        return requireNonNull(vectors.get(image.id()), "an image was not encoded");
    }

    /**
     * Puts its next tokens into a step.
     *
     * @param count how many, at most those that are {@link #pending}
     * @param firstRow number that its first row would have
     * @param guesses how many tokens go with them that may follow
     */
    TokenRun submit(int count, int firstRow, int guesses) {
        return new TokenRun(this, decoded, count, firstRow, count == pending() ? 1 : 0, guesses);
    }

    /** Records that submitted tokens are in the cache. */
    void accept(int count) {
        decoded += count;
        tellProgress();
    }

    private void tellProgress() {
        if (request.promptProgress() && counts.generated() == 0) {
            stream.emit(counts.progress(prompt.tokens().size(), decoded));
        }
    }

    /** Records that so many more tokens of the next image are in the cache. */
    void acceptOfImage(ImageSpan image, int count) {
        decodedOfImage += count;
        if (decodedOfImage == image.shape().tokens()) {
            rollback(image.end());
            tellProgress();
        }
    }

    /** Records how many tokens the cache holds; an image that was decoded in parts begins anew. */
    void rollback(int tokensInCache) {
        decoded = tokensInCache;
        decodedOfImage = 0;
        shiftPending = false;
        if (tokensInCache <= exact) {
            exact = Integer.MAX_VALUE;
        }
    }

    /** Records that the sequence was preempted: it has lost its cells and waits until another sequence ends. */
    void preempt() {
        preempted = true;
    }

    boolean preempted() {
        return preempted;
    }

    /** Lets a preempted sequence run again. */
    void resume() {
        preempted = false;
    }

    /** When it took part in a step last, as a number that grows from turn to turn. */
    long lastTurn() {
        return lastTurn;
    }

    /** Records that it takes part in a step. */
    void hasTurn(long number) {
        lastTurn = number;
    }

    /** Whether a token of the answer has been chosen. */
    boolean begun() {
        return counts.generated() > 0;
    }

    /** Whether nothing of what the cache lacked at first has been decoded yet. */
    boolean untouched() {
        return decoded == counts.cached() && counts.generated() == 0;
    }

    /**
     * Records that tokens were cut out of the middle and the later ones moved up in the cache.
     *
     * @param count how many were cut out
     * @param left how many from the start the cut left as they were
     */
    void shifted(int count, int left) {
        decoded -= count;
        exact = Math.min(exact, left);
        shiftPending = true;
    }

    /** Whether tokens were moved in the cache, so that the next step rotates their keys to the new positions. */
    boolean shiftPending() {
        return shiftPending;
    }

    /** Records that the step which rotates the moved keys is done. */
    void shiftDone() {
        shiftPending = false;
    }

    /** How many tokens from the start lie in the cache as their own prompt would put them there: others may use those. */
    int reusable() {
        return Math.min(decoded, exact);
    }

    /** Where its prompt has parts, and steps are to end. */
    Landmarks landmarks() {
        return landmarks;
    }

    /** How many tokens may go into the next step as far as the {@link #landmarks} say. */
    int untilStop() {
        return landmarks.until(decoded);
    }

    boolean cancelled() {
        return stream.cancelled();
    }

    /** Whether the sequence may take part in the next step: a slow reader or a full cache pauses it. */
    boolean ready() {
        return !preempted && stream.hasRoom();
    }

    /**
     * Gives the sequence a slot in the cache.
     *
     * @param prefix how many of its tokens lie there already
     */
    void placeIn(CacheSlot place, int prefix, long now) {
        slot = place;
        decoded = prefix;
        counts.start(now, prefix);
        tellProgress();
    }

    /**
     * A token has been chosen; which one, {@link #take} is told unless it only ends the answer.
     *
     * @param rows how many were in the same step
     */
    void sampled(long now, int rows) {
        counts.came(now, rows);
        forced = 0;
    }

    /** Takes a token that was sampled, and gives on what is known of the answer with it. */
    void take(int token, byte[] piece, Optional<TokenLogprob> logprob) {
        tokens.add(token);
        text.add(piece, logprob).ifPresent(this::parse);
    }

    /** Takes a token that comes in the same step behind a sampled one, since nothing else can come. */
    void force(int token, byte[] piece, long now, int rows) {
        counts.came(now, rows);
        forced++;
        take(token, piece, Optional.empty());
    }

    /** Whether a stop string has come. */
    boolean stopped() {
        return text.ended();
    }

    /** The stop string that has come; empty if none has. */
    String stop() {
        return text.stop();
    }

    /** The text of prompt and answer. */
    String wholeText() {
        return prompt.text() + text.whole();
    }

    /** Emits the rest of the answer at its end. */
    void flush() {
        text.finish().ifPresent(this::parse);
        emit(parser.end());
    }

    private void parse(GenerationEvent.Text more) {
        emit(parser.read(more));
    }

    private void emit(List<GenerationEvent> events) {
        counts.note(events);
        events.forEach(stream::emit);
    }

    /** The last event of the answer. */
    void complete(GenerationEvent.Finished last) {
        stream.emit(last);
        stream.complete();
    }

    /** Ends the answer with a failure. */
    void fail(Failure failure) {
        stream.fail(failure);
    }

    /** Ends the work: nothing of the sequence may be used afterwards. */
    void close() {
        sampler.close();
        parser.close();
    }

    /** How many tokens the answer may still get. */
    int left() {
        return mostTokens - counts.generated();
    }

    Usage usage() {
        return counts.usage(prompt.tokens().size());
    }
}
