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
public final class PictureHandle implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment picture;

    private PictureHandle(Arena arena, MemorySegment picture) {
        this.arena = arena;
        this.picture = picture;
    }

    static PictureHandle open(MemorySegment media, byte[] encoded, boolean outline) {
        try (var call = new CallFrame()) {
            var data = call.bytes(encoded);
            var picture = outline
                    ? Media.puna_picture_outline(media, data, encoded.length, call.error())
                    : Media.puna_picture_decode(media, data, encoded.length, call.error());
            if (picture.address() == 0) {
                throw new InvalidRequest(CText.reason(call.error(), "it is no picture"));
            }
            var arena = Arena.ofShared();
            return new PictureHandle(arena, Ownership.bind(picture, arena, Media::puna_picture_free));
        }
    }

    MemorySegment picture() {
        return picture;
    }

    @Override
    public void close() {
        arena.close();
    }
}
