// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.failure.Failure;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * One loaded model that generates text or embeddings for many callers at once.
 *
 * <p><b>Owns</b> the model's weights, its KV cache and a decode loop. <b>Threads:</b> any; calls that return a value without
 * {@code Uni} or {@code Multi} take at most milliseconds. <b>Close</b> ends running generations with {@code Cancelled}, gives
 * all memory back before it returns, and may be called twice.
 */
public interface Engine extends AutoCloseable {

    /** What the model and its context are; constant for the engine's life. */
    EngineFacts facts();

    /**
     * Tells why, once, when the engine has ended without being told to, as one in another process may; at once if it has. From then on its
     * calls fail.
     */
    default void onDeath(Consumer<Failure> action) {}

    /** Memory in use now, in bytes. */
    EngineMemory memory();

    /**
     * The text that would be put before the model, after truncation to the context.
     *
     * @throws dev.puna.failure.InvalidRequest if the template refuses the conversation
     */
    String render(GenerationRequest request);

    /**
     * How many tokens the whole prompt has, the begin token and images among them, whether the context takes them or not.
     *
     * @throws dev.puna.failure.InvalidRequest if the template refuses the conversation
     */
    int count(GenerationRequest request);

    /**
     * A generation, started by the subscription, of which there is one: the request is let go of once it is tokens. Items come as the subscriber asks for them, on
     * the thread that asks or decodes, so it must return at once; a subscriber that does not ask
     * pauses only its own sequence. Cancelling frees the sequence at the next step. A failure ends the stream.
     */
    default Multi<GenerationEvent> generate(GenerationRequest request) {
        return generate(request, _ -> {});
    }

    /**
     * As {@link #generate(GenerationRequest)}, for a caller who counts memory.
     *
     * @param prepared told once that the prompt has been made, so that the request is no longer needed, and how many bytes of the
     *     heap the generation holds on to or will want at its end; on a thread of the engine, which it must not hold up
     */
    Multi<GenerationEvent> generate(GenerationRequest request, LongConsumer prepared);

    /** One embedding for each input, in order. */
    Uni<EmbeddingResult> embed(EmbeddingRequest request);

    /**
     * How well documents answer a query, by a model that was made for that.
     *
     * @throws dev.puna.failure.InvalidRequest in the result if the model is none of these
     */
    Uni<RankResult> rank(RankRequest request);

    /** Token ids of a text; markers of special tokens are read as such. */
    default List<Integer> tokenize(String text) {
        return tokenize(text, false);
    }

    /**
     * Token ids of a text; markers of special tokens are read as such. Takes as long as the text asks for, a second for some megabytes.
     *
     * @param addSpecial whether with the tokens that the model wants around every text
     */
    List<Integer> tokenize(String text, boolean addSpecial);

    /**
     * The bytes that tokens stand for, with the names of special tokens; may end inside a character.
     *
     * @throws dev.puna.failure.InvalidRequest if one is not a token of this model
     */
    byte[] detokenize(List<Integer> tokens);

    @Override
    void close();
}
