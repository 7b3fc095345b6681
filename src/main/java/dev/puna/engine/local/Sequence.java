// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Usage;
import dev.puna.engine.prompt.PreparedPrompt;
import dev.puna.engine.response.ResponseParser;
import dev.puna.engine.response.ResponseText;
import dev.puna.engine.token.ImageSpan;
import dev.puna.engine.token.TokenList;
import dev.puna.llama.Sampler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One generation under way: its tokens, how many of them the KV cache holds, and where its answer goes.
 *
 * <p><b>Owns</b> a sampler and a reader. <b>Threads:</b> the decode loop's.
 */
final class Sequence {

    final PreparedPrompt prompt;
    final GenerationRequest request;
    final EventStream stream;
    final Sampler sampler;
    final ResponseText answer;
    final ResponseParser reader;
    final TokenList tokens;

    /** How many tokens from the start are in the KV cache; the rest is still to be decoded. */
    int decoded;

    /** How many tokens of the image that comes next are in the KV cache; 0 unless that is decoded in parts. */
    int decodedOfImage;

    /** Tokens of the batch under way that are this sequence's. */
    int submitted;

    /** The number of the last step that it had to itself. */
    long lastStep;

    /** Where it lives in the KV cache; null while it waits for a place. */
    @Nullable
    CacheSlot slot;

    /** Pushed out of the KV cache by others: waits until one of them ends. */
    boolean stalled;

    /** It was moved in the KV cache, whose keys are turned to their new places by the next step. */
    boolean shiftPending;

    private final Map<Integer, float[]> vectors;
    private final int mostTokens;

    /** How many tokens from the start were computed after these very tokens; fewer than all once a middle was cut out. */
    private int exact = Integer.MAX_VALUE;

    private int generated;
    private int cached;
    private long started;
    private long firstToken;
    private long lastToken;

    /**
     * @param vectors of the images in the prompt, by their ids
     */
    Sequence(
            PreparedPrompt prompt,
            Map<Integer, float[]> vectors,
            GenerationRequest request,
            EventStream stream,
            Sampler sampler,
            ResponseParser reader,
            int mostTokens) {
        this.prompt = prompt;
        this.request = request;
        this.stream = stream;
        this.sampler = sampler;
        this.reader = reader;
        this.answer = new ResponseText(prompt.stops());
        this.tokens = new TokenList(
                prompt.tokens().head(prompt.tokens().size()), prompt.tokens().images());
        this.vectors = Map.copyOf(vectors);
        this.mostTokens = mostTokens;
    }

    /** Tokens that must go through the model before the next one can be sampled; 1 while it generates. */
    int pending() {
        return tokens.size() - decoded;
    }

    /** The image that has to be decoded before anything else can be. */
    Optional<ImageSpan> nextImage() {
        return tokens.imageAt(decoded);
    }

    /** What an image of the prompt became. */
    float[] vectorsOf(ImageSpan image) {
        return requireNonNull(vectors.get(image.id()), "a picture was not encoded");
    }

    /** Says how much the cache holds now; images that are decoded in parts begin anew. */
    void decodedTo(int tokensInCache) {
        decoded = tokensInCache;
        decodedOfImage = 0;
        shiftPending = false;
        if (tokensInCache <= exact) {
            exact = Integer.MAX_VALUE;
        }
    }

    /**
     * Says that tokens were cut out of the middle and the later ones moved up in the cache.
     *
     * @param count how many were cut out
     * @param left how many from the start the cut left as they were
     */
    void shifted(int count, int left) {
        decoded -= count;
        exact = Math.min(exact, left);
        shiftPending = true;
    }

    /** How many tokens from the start lie in the cache as their own prompt would put them there: others may use those. */
    int reusable() {
        return Math.min(decoded, exact);
    }

    boolean cancelled() {
        return stream.cancelled();
    }

    /** Whether its next step may run: a reader who is behind, or a full cache, pauses it. */
    boolean ready() {
        return !stalled && stream.hasRoom();
    }

    void place(CacheSlot place, int prefix, long now) {
        slot = place;
        decoded = prefix;
        cached = prefix;
        started = now;
    }

    void sampled(long now) {
        if (generated == 0) {
            firstToken = now;
        }
        lastToken = now;
        generated++;
    }

    /** Gives on what is known of the answer after more text of it. */
    void read(GenerationEvent.Text more) {
        reader.read(more).forEach(stream::emit);
    }

    /** Gives on what is left of the answer at its end. */
    void readToEnd() {
        answer.finish().ifPresent(this::read);
        reader.end().forEach(stream::emit);
    }

    /** Ends the work: nothing of the sequence may be used afterwards. */
    void close() {
        sampler.close();
        reader.close();
    }

    boolean hasAllTokens() {
        return generated >= mostTokens;
    }

    Usage usage() {
        var promptEnd = generated == 0 ? System.nanoTime() : firstToken;
        return new Usage(
                prompt.tokens().size(),
                cached,
                Duration.ofNanos(promptEnd - started),
                generated,
                Duration.ofNanos(generated == 0 ? 0 : lastToken - firstToken));
    }
}
