// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.binding.ChunksHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A prompt in chunks, with what is needed to encode its images.
 *
 * <p><b>Owns</b> the images as the projector wants them. <b>Borrows</b> the {@link Projector} while it encodes.
 * <b>Threads:</b> one at a time, checked. <b>Close</b> while it encodes fails with {@link IllegalStateException}.
 */
public final class PromptChunks implements AutoCloseable {
    private static final int DIMENSIONS_OF_MROPE = 4;

    private final ChunksHandle handle;
    private final Projector projector;
    private final NativeLifecycle lifecycle = NativeLifecycle.exclusive("PromptChunks");
    private final List<PromptChunk> list;

    /** @param images which image each native part is, for those that are images */
    PromptChunks(ChunksHandle handle, Projector projector, int[] images) {
        this.handle = handle;
        this.projector = projector;
        var chunks = new ArrayList<PromptChunk>();
        for (int i = 0; i < handle.count(); i++) {
            chunks.add(chunk(i, images));
        }
        this.list = List.copyOf(chunks);
    }

    /** The chunks in order. */
    public List<PromptChunk> list() {
        return list;
    }

    /**
     * Runs an image through the projector; one call takes up to seconds where there is no GPU, and nothing ends it early. One
     * at a time for each projector.
     *
     * @param index of a {@link PromptChunk.Media} that came from decoded images, not outlines
     * @return {@code float[tokens * embeddingLength]}, token after token
     * @throws dev.puna.failure.NativeFailure if libmtmd fails
     */
    public float[] encode(int index) {
        int numbers = Math.multiplyExact(list.get(index).tokens(), projector.embeddingLength());
        return lifecycle.use(() -> projector.encode(handle, index, numbers));
    }

    private PromptChunk chunk(int index, int[] images) {
        var shape = handle.shape(index);
        if (shape.part() < 0) {
            return new PromptChunk.Text(handle.tokens(index, shape.tokens()));
        }
        int count = shape.tokens() * (projector.multiDimensional() ? DIMENSIONS_OF_MROPE : 1);
        var origin = handle.positions(index, 0, count);
        var movement = handle.positions(index, 1, count);
        for (int i = 0; i < count; i++) {
            movement[i] -= origin[i];
        }
        return new PromptChunk.Media(
                images[shape.part()], shape.tokens(), shape.positions(), shape.nonCausal(), origin, movement);
    }

    @Override
    public void close() {
        lifecycle.close(handle::close);
    }
}
