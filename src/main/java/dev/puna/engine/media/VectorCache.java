// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.media;

import dev.puna.engine.token.ImageKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What images became when they were encoded, so that the same image is encoded once: the least recently used go when there
 * are too many bytes. <b>Threads:</b> any.
 */
public final class VectorCache {

    private final long mostBytes;
    private final Map<ImageKey, float[]> vectors = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param mostBytes of vectors that are remembered */
    public VectorCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** The vectors of an image that is remembered, token after token; they belong to the cache. */
    public synchronized Optional<float[]> get(ImageKey key) {
        return Optional.ofNullable(vectors.get(key));
    }

    /** Remembers the vectors of an image, which are the cache's from then on. */
    public synchronized void put(ImageKey key, float[] encoded) {
        var old = vectors.put(key, encoded);
        bytes += sizeOf(encoded) - (old == null ? 0 : sizeOf(old));
        var oldest = vectors.entrySet().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
            bytes -= sizeOf(oldest.next().getValue());
            oldest.remove();
        }
    }

    private static long sizeOf(float[] encoded) {
        return (long) encoded.length * Float.BYTES;
    }
}
