// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.puna.llama.binding.generated.Media;
import dev.puna.llama.binding.generated.puna_chunk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A {@code puna_chunks}: a prompt in parts that are decoded in different ways.
 *
 * <p><b>Owns</b> it and nothing of the projector. <b>Threads:</b> one at a time.
 */
public final class ChunksHandle implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final String name;
    private final MemorySegment chunks;

    /**
     * One chunk.
     *
     * @param part which part of the prompt gave it; -1 for text
     * @param tokens cells of the cache
     * @param positions positions of the sequence
     * @param nonCausal whether all tokens see each other
     */
    public record Shape(int part, int tokens, int positions, boolean nonCausal) {}

    ChunksHandle(String name, MemorySegment chunks) {
        this.name = name;
        this.chunks = Ownership.bind(chunks, arena, Media::puna_chunks_free);
    }

    public int count() {
        return Media.puna_chunks_count(chunks);
    }

    public Shape shape(int index) {
        try (var call = new CallFrame()) {
            var chunk = puna_chunk.allocate(call.memory());
            Media.puna_chunks_get(chunks, index, chunk);
            return new Shape(
                    puna_chunk.part(chunk),
                    puna_chunk.n_tokens(chunk),
                    puna_chunk.n_positions(chunk),
                    puna_chunk.non_causal(chunk) != 0);
        }
    }

    /** The tokens of a text. */
    public int[] tokens(int index, int count) {
        try (var call = new CallFrame()) {
            var tokens = call.memory().allocate(JAVA_INT, count);
            Media.puna_chunks_tokens(chunks, index, tokens);
            return tokens.toArray(JAVA_INT);
        }
    }

    /** The positions of an image that begins at {@code first}, dimension after dimension. */
    public int[] positions(int index, int first, int count) {
        try (var call = new CallFrame()) {
            var positions = call.memory().allocate(JAVA_INT, count);
            Media.puna_chunks_positions(chunks, index, first, positions);
            return positions.toArray(JAVA_INT);
        }
    }

    /** The vectors of an image, one after the other; takes seconds where there is no GPU. */
    public float[] encode(ProjectorHandle projector, int index, int numbers) {
        try (var call = new CallFrame()) {
            var vectors = call.memory().allocate(JAVA_FLOAT, numbers);
            if (Media.puna_chunks_encode(projector.media(), chunks, index, vectors, call.error()) != 0) {
                throw call.failureToMake("encode a picture with", name, "libmtmd gave no reason", "");
            }
            return vectors.toArray(JAVA_FLOAT);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
