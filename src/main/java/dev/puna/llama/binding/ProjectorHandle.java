// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.puna.llama.binding.generated.Media;
import dev.puna.llama.binding.generated.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@code puna_media}: a projector beside its text model.
 *
 * <p><b>Owns</b> it. <b>Borrows</b> the model, which must outlive it. <b>Threads:</b> any, but one at a time may encode.
 */
public final class ProjectorHandle implements AutoCloseable {
    private final Arena arena;
    private final String name;
    private final MemorySegment media;

    private ProjectorHandle(Arena arena, String name, MemorySegment media) {
        this.arena = arena;
        this.name = name;
        this.media = media;
    }

    static ProjectorHandle open(ModelHandle model, Path file, int threads, boolean gpu) {
        var name = String.valueOf(file.getFileName());
        try (var call = new CallFrame()) {
            var media = Media.puna_media_init(model.model(), call.text(file.toString()), threads, gpu, call.error());
            if (media.address() == 0) {
                throw call.failureToMake("load projector", name, "libmtmd returned none", "it must fit the model");
            }
            var arena = Arena.ofShared();
            return new ProjectorHandle(arena, name, Ownership.bind(media, arena, Media::puna_media_free));
        }
    }

    /** What {@code puna_media_facts} tells. */
    public String factsJson() {
        try (var call = new CallFrame()) {
            return call.result(Media.puna_media_facts(media), "look at projector", name, "");
        }
    }

    /**
     * An image or sound, as a client encoded it.
     *
     * @param outline whether its size is enough, to count tokens with
     */
    public BitmapHandle image(byte[] encoded, boolean outline) {
        return BitmapHandle.open(media, encoded, outline);
    }

    /**
     * Cuts a prompt into chunks.
     *
     * @param texts the parts, none of them empty, but for the places where the images belong
     */
    public ChunksHandle chunks(List<byte[]> texts, List<BitmapHandle> images, boolean addSpecial) {
        try (var call = new CallFrame()) {
            int parts = texts.size();
            var text = call.memory().allocate(Native.C_POINTER, parts);
            var length = call.memory().allocate(JAVA_LONG, parts);
            var image = call.memory().allocate(Native.C_POINTER, parts);
            int next = 0;
            for (int i = 0; i < parts; i++) {
                var bytes = texts.get(i);
                if (bytes.length == 0) {
                    image.setAtIndex(Native.C_POINTER, i, images.get(next++).image());
                } else {
                    text.setAtIndex(Native.C_POINTER, i, call.bytes(bytes));
                    length.setAtIndex(JAVA_LONG, i, bytes.length);
                }
            }
            var chunks = Media.puna_chunks_init(media, parts, text, length, image, addSpecial, call.error());
            if (chunks.address() == 0) {
                throw call.failure("prepare a prompt with pictures for", name, "libmtmd returned none", "");
            }
            return new ChunksHandle(name, chunks);
        }
    }

    MemorySegment media() {
        return media;
    }

    @Override
    public void close() {
        arena.close();
    }
}
