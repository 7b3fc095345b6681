// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.media;

import dev.puna.engine.token.ImageKey;
import dev.puna.engine.token.ImageShape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for images, so that the cache of prefixes can tell them apart by one comparison: the same slice of the same image in
 * the same shape keeps its number as long as it is remembered, and nothing else ever has it. <b>Threads:</b> any.
 */
public final class ImageIds {

    /** An image forgotten costs no more than a prefix that is not found again. */
    private static final int MOST_REMEMBERED = 10_000;

    private int next;

    private final Map<Content, Integer> ids = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Content, Integer> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** An image may take other positions at another place, as some models number their images. */
    private record Content(ImageKey key, int tokens, int positions, int origin) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content that
                    && tokens == that.tokens
                    && positions == that.positions
                    && origin == that.origin
                    && key.equals(that.key);
        }
    }

    /** The number of an image, or of a slice of one, in a shape. */
    public synchronized int of(ImageKey key, ImageShape shape) {
        var content = new Content(key, shape.tokens(), shape.positions(), Arrays.hashCode(shape.origin()));
        return ids.computeIfAbsent(content, _ -> next++);
    }
}
