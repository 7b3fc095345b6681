// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.failure.InvalidRequest;
import dev.puna.llama.binding.generated.Media;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A {@code puna_picture}: pixels or samples.
 *
 * <p><b>Owns</b> it and nothing of the projector. <b>Threads:</b> one at a time; it is part of one prompt only.
 */
public final class BitmapHandle implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment image;

    private BitmapHandle(Arena arena, MemorySegment image) {
        this.arena = arena;
        this.image = image;
    }

    static BitmapHandle open(MemorySegment media, byte[] encoded, boolean outline) {
        try (var call = new CallFrame()) {
            var data = call.bytes(encoded);
            var image = outline
                    ? Media.puna_picture_outline(media, data, encoded.length, call.error())
                    : Media.puna_picture_decode(media, data, encoded.length, call.error());
            if (image.address() == 0) {
                throw new InvalidRequest(CText.reason(call.error(), "it is no picture"));
            }
            var arena = Arena.ofShared();
            return new BitmapHandle(arena, Ownership.bind(image, arena, Media::puna_picture_free));
        }
    }

    MemorySegment image() {
        return image;
    }

    @Override
    public void close() {
        arena.close();
    }
}
