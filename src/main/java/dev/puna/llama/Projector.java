// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.llama.binding.BitmapHandle;
import dev.puna.llama.binding.ChunksHandle;
import dev.puna.llama.binding.ProjectorHandle;
import dev.puna.llama.guard.DeepStack;
import dev.puna.llama.guard.ShimJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What turns images or sound into vectors that a {@link LoadedModel} reads as if they were tokens.
 *
 * <p><b>Owns</b> a {@code puna_media} of libmtmd, with weights of its own. <b>Borrows</b> the model, which cannot close before
 * it. <b>Threads:</b> any may ask and prepare at once; one at a time may encode, checked. <b>Close</b> during a call fails with
 * {@link IllegalStateException}.
 */
public final class Projector implements AutoCloseable {
    private final ProjectorHandle handle;
    private final LoadedModel model;
    private final JsonNode facts;
    private final NativeLifecycle lifecycle = NativeLifecycle.shared("Projector");
    private final AtomicBoolean encoding = new AtomicBoolean();

    Projector(ProjectorHandle handle, LoadedModel model) {
        this.handle = handle;
        this.model = model;
        this.facts = ShimJson.parse(handle.factsJson());
    }

    /** Numbers in one vector. */
    public int embeddingLength() {
        return facts.path("embedding_length").asInt();
    }

    /** Memory of its weights and for computing, in bytes. */
    public long bytes() {
        return facts.path("bytes").asLong();
    }

    /** How much of {@link #bytes} lies on GPUs. */
    public long deviceBytes() {
        return facts.path("device_bytes").asLong();
    }

    /** Whether positions have more than one dimension (M-RoPE). */
    boolean multiDimensional() {
        return facts.path("mrope").asBoolean();
    }

    /**
     * An image as large as its header says, good for counting tokens. The caller closes it.
     *
     * @param encoded PNG, JPEG, WebP, GIF or BMP; WAV, MP3 or FLAC for a projector that hears
     * @throws dev.puna.failure.InvalidRequest if it is none of these, or too large
     */
    public Bitmap outline(byte[] encoded) {
        return new Bitmap(lifecycle.use(() -> handle.image(encoded, true)));
    }

    /**
     * An image, of several in one file the first. The caller closes it.
     *
     * @param encoded as for {@link #outline}
     * @throws dev.puna.failure.InvalidRequest if it is none, damaged, or too large
     */
    public Bitmap decode(byte[] encoded) {
        return new Bitmap(lifecycle.use(() -> handle.image(encoded, false)));
    }

    /**
     * Cuts a prompt into chunks: tokens of the text, with those that the model wants around images, and images in the slices
     * in which the projector takes them. The images may close afterwards; the caller closes the chunks.
     *
     * @param addSpecial whether to add the token that begins a text, if the model wants it
     */
    public PromptChunks chunks(List<PromptPart> parts, boolean addSpecial) {
        var texts = new ArrayList<byte[]>();
        var images = new ArrayList<Bitmap>();
        var imageOf = new int[parts.size()];
        for (var part : parts) {
            switch (part) {
                case PromptPart.Text text when text.text().isEmpty() -> {}
                case PromptPart.Text text -> texts.add(text.text().getBytes(UTF_8));
                case PromptPart.Media media -> {
                    imageOf[texts.size()] = images.size();
                    texts.add(new byte[0]);
                    images.add(media.image());
                }
            }
        }
        return new PromptChunks(
                lifecycle.use(() -> DeepStack.call(() -> open(texts, images, addSpecial))), this, imageOf);
    }

    private ChunksHandle open(List<byte[]> texts, List<Bitmap> images, boolean addSpecial) {
        var entered = new ArrayList<Bitmap>();
        try {
            var handles = new ArrayList<BitmapHandle>();
            for (var image : images) {
                image.lifecycle().enter();
                entered.add(image);
                handles.add(image.handle());
            }
            return handle.chunks(texts, handles, addSpecial);
        } finally {
            entered.forEach(image -> image.lifecycle().leave());
        }
    }

    float[] encode(ChunksHandle chunks, int index, int numbers) {
        if (!encoding.compareAndSet(false, true)) {
            throw new IllegalStateException("Projector is in use by another caller");
        }
        try {
            return lifecycle.use(() -> chunks.encode(handle, index, numbers));
        } finally {
            encoding.set(false);
        }
    }

    @Override
    public void close() {
        lifecycle.close(handle::close, model.lifecycle());
    }
}
