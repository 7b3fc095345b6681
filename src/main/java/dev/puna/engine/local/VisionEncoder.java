// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.chat.Image;
import dev.puna.engine.media.ImageIds;
import dev.puna.engine.media.ImageTags;
import dev.puna.engine.media.VectorCache;
import dev.puna.engine.token.ImageKey;
import dev.puna.engine.token.ImageShape;
import dev.puna.engine.token.ImageSpan;
import dev.puna.engine.token.TokenList;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.Bitmap;
import dev.puna.llama.Projector;
import dev.puna.llama.PromptChunk;
import dev.puna.llama.PromptChunks;
import dev.puna.llama.PromptPart;
import dev.puna.model.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * How a model sees (or hears): makes tokens of prompts with images, and vectors of the images.
 *
 * <p>To tokenise, an image's header is enough. To encode, it is decoded and run through the projector, one image of all
 * requests at a time: that bounds the memory, and it is one native call that takes its turn at the CPU like a step of the decode
 * loop, so running streams pause for no more than one slice of one image. <b>Borrows</b> the projector. <b>Threads:</b> any.
 */
final class VisionEncoder {

    private final Projector projector;
    private final ModelTurns computeTurns;
    private final int batchSize;
    private final VectorCache cache;
    private final ImageIds ids = new ImageIds();
    private final ReentrantLock oneImage = new ReentrantLock(true);
    private final AtomicInteger encodings = new AtomicInteger();

    /**
     * @param batchSize tokens of a physical batch, into which an image must fit whose tokens see each other
     * @param mostBytes of memory that encoded images may take
     */
    VisionEncoder(Projector projector, ModelTurns computeTurns, int batchSize, long mostBytes) {
        this.projector = projector;
        this.computeTurns = computeTurns;
        this.batchSize = batchSize;
        this.cache = new VectorCache(mostBytes);
    }

    /** How many images were run through the projector; those found in the cache do not count. */
    int encodings() {
        return encodings.get();
    }

    /**
     * Makes tokens of a text, with the one that begins a text, and the images that its tags name.
     *
     * @throws InvalidRequest if an image cannot be read
     */
    TokenList tokenize(String text, List<Image> images) {
        var outlines = new ArrayList<Bitmap>();
        try {
            var parts = new ArrayList<PromptPart>();
            var named = new ArrayList<Integer>();
            for (var piece : ImageTags.split(text, images.size())) {
                switch (piece) {
                    case ImageTags.Piece.Text words -> parts.add(new PromptPart.Text(words.text()));
                    case ImageTags.Piece.Reference reference -> {
                        outlines.add(outline(reference.index(), images.get(reference.index())));
                        parts.add(new PromptPart.Media(outlines.getLast()));
                        named.add(reference.index());
                    }
                }
            }
            try (var chunks = projector.chunks(parts, true)) {
                return tokens(chunks.list(), named, digests(images));
            }
        } finally {
            outlines.forEach(Bitmap::close);
        }
    }

    /**
     * The vectors of all images among tokens, by the images' ids; takes seconds where there is no GPU.
     *
     * @param images those of which the tokens were made
     * @param cancelled asked between images
     */
    Map<Integer, float[]> encode(TokenList tokens, List<Image> images, BooleanSupplier cancelled) {
        var encoded = new HashMap<Integer, float[]>();
        var fresh = new HashMap<Digest, List<float[]>>();
        for (var span : tokens.images()) {
            if (cancelled.getAsBoolean()) {
                return Map.of();
            }
            var key = span.key();
            var known = cache.get(key);
            if (known.isPresent()) {
                encoded.put(span.id(), known.get());
            } else {
                var slices = fresh.computeIfAbsent(
                        key.image(), digest -> encode(digest, images.get(span.image()), span.image()));
                encoded.put(span.id(), slices.get(key.slice()));
            }
        }
        return encoded;
    }

    private Bitmap outline(int index, Image image) {
        try {
            return projector.outline(image.encoded());
        } catch (InvalidRequest refused) {
            throw unreadable(index, refused);
        }
    }

    private TokenList tokens(List<PromptChunk> chunks, List<Integer> named, List<Digest> digests) {
        var tokens = new TokenList(new int[0]);
        var spans = new ArrayList<ImageSpan>();
        var slices = new HashMap<Integer, Integer>();
        for (var chunk : chunks) {
            switch (chunk) {
                case PromptChunk.Text text -> {
                    for (var id : text.ids()) {
                        tokens.add(id);
                    }
                }
                case PromptChunk.Media media -> {
                    requireOneBatch(media);
                    var slice = slices.merge(media.image(), 1, Integer::sum) - 1;
                    var index = named.get(media.image());
                    var key = new ImageKey(digests.get(index), slice);
                    var shape = new ImageShape(
                            media.tokens(), media.positions(), media.nonCausal(), media.origin(), media.movement());
                    var span = new ImageSpan(tokens.size(), index, ids.of(key, shape), key, shape);
                    spans.add(span);
                    for (var i = 0; i < media.tokens(); i++) {
                        tokens.add(span.token());
                    }
                }
            }
        }
        return new TokenList(tokens.head(tokens.size()), spans);
    }

    private void requireOneBatch(PromptChunk.Media media) {
        if (media.nonCausal() && media.tokens() > batchSize) {
            throw new InvalidRequest(
                    "an image takes %d tokens, which this model reads in one batch, and a batch holds %d; set num_batch higher"
                            .formatted(media.tokens(), batchSize));
        }
    }

    private List<float[]> encode(Digest digest, Image image, int index) {
        oneImage.lock();
        try (var bitmap = projector.decode(image.encoded());
                var chunks = projector.chunks(List.of(new PromptPart.Media(bitmap)), false)) {
            var slices = new ArrayList<float[]>();
            for (var i = 0; i < chunks.list().size(); i++) {
                if (chunks.list().get(i) instanceof PromptChunk.Media media) {
                    slices.add(encoded(new ImageKey(digest, slices.size()), chunks, i, media.tokens()));
                }
            }
            return slices;
        } catch (InvalidRequest refused) {
            throw unreadable(index, refused);
        } finally {
            oneImage.unlock();
        }
    }

    /** Somebody else may have encoded the same image while this one waited. */
    private float[] encoded(ImageKey key, PromptChunks chunks, int index, int tokens) {
        var known = cache.get(key);
        if (known.isPresent()) {
            return known.get();
        }
        var vectors = computeTurns.encode(tokens, () -> chunks.encode(index));
        encodings.incrementAndGet();
        cache.put(key, vectors);
        return vectors;
    }

    private static List<Digest> digests(List<Image> images) {
        return images.stream().map(image -> Digest.of(image.encoded())).toList();
    }

    private static InvalidRequest unreadable(int index, InvalidRequest refused) {
        return new InvalidRequest("image %d cannot be read: %s".formatted(index + 1, refused.text()));
    }
}
