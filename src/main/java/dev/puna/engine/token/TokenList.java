// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.token;

import dev.puna.model.AdapterScales;
import dev.puna.model.IntList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A growable list of token ids without boxing, with the images among them. An image is never cut: every index that is
 * asked for or cut at is that of a text's token, or of an image's start or end. What is computed of tokens with other adapters
 * is of no use, so lists for different ones have nothing in common. Not thread-safe.
 */
public final class TokenList {

    private int[] ids;
    private int size;
    private List<ImageSpan> images;
    private final AdapterScales adapters;

    public TokenList(int[] initial) {
        this(initial, List.of());
    }

    /**
     * A list with images.
     *
     * @param initial the tokens, with {@link ImageSpan#token()} in the places of the images
     * @param images in the order of their places
     */
    public TokenList(int[] initial, List<ImageSpan> images) {
        this(initial, images, AdapterScales.ALL);
    }

    /**
     * A list that is computed with some of a model's adapters.
     *
     * @param initial the tokens, with {@link ImageSpan#token()} in the places of the images
     * @param images in the order of their places
     * @param adapters those that count
     */
    public TokenList(int[] initial, List<ImageSpan> images, AdapterScales adapters) {
        this.adapters = adapters;
        this.ids = initial.clone();
        this.size = initial.length;
        this.images = List.copyOf(images);
    }

    public int size() {
        return size;
    }

    public int get(int index) {
        return ids[index];
    }

    public List<ImageSpan> images() {
        return images;
    }

    /** The adapters that it is computed with. */
    public AdapterScales adapters() {
        return adapters;
    }

    public void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, Math.max(16, size * 2));
        }
        ids[size++] = id;
    }

    /** Forgets everything from an index on. */
    public void truncate(int newSize) {
        size = newSize;
        if (!images.isEmpty()) {
            images = images.stream().filter(image -> image.start() < newSize).toList();
        }
    }

    /** Takes out the tokens of {@code [from, to)}. */
    public void removeRange(int from, int to) {
        System.arraycopy(ids, to, ids, from, size - to);
        size -= to - from;
        if (!images.isEmpty()) {
            var left = new ArrayList<ImageSpan>();
            for (var image : images) {
                if (image.start() < from) {
                    left.add(image);
                } else if (image.start() >= to) {
                    left.add(image.movedBy(from - to));
                }
            }
            images = List.copyOf(left);
        }
    }

    /** The first {@code count} tokens, as an array of one's own. */
    public int[] head(int count) {
        return Arrays.copyOf(ids, count);
    }

    /** The first {@code count} tokens with the images among them, as a list of its own. */
    public TokenList first(int count) {
        return new TokenList(
                head(count),
                images.stream().filter(image -> image.start() < count).toList(),
                adapters);
    }

    /** All tokens of text. */
    public int[] text() {
        return Arrays.stream(ids, 0, size).filter(id -> id >= 0).toArray();
    }

    /**
     * How many tokens from the start are the same in both; an image is the same as a whole or not at all. None with other adapters.
     */
    public int commonPrefix(TokenList other) {
        if (!adapters.equals(other.adapters)) {
            return 0;
        }
        var limit = Math.min(size, other.size);
        var mismatch = Arrays.mismatch(ids, 0, limit, other.ids, 0, limit);
        return startOfImageAt(mismatch < 0 ? limit : mismatch);
    }

    /** The position in the sequence of the token at an index: behind images it may be less than the index. */
    public int position(int index) {
        var position = index;
        for (var image : images) {
            if (image.end() <= index) {
                position -= image.saved();
            }
        }
        return position;
    }

    /** The image that begins at an index. */
    public Optional<ImageSpan> imageAt(int index) {
        return images.stream().filter(image -> image.start() == index).findFirst();
    }

    /** Where the text ends that goes on from an index: at the next image or at the end. */
    public int endOfText(int from) {
        return images.stream()
                .mapToInt(ImageSpan::start)
                .filter(start -> start >= from)
                .findFirst()
                .orElse(size);
    }

    /** The index itself, or the start of the image that it lies in. */
    public int startOfImageAt(int index) {
        for (var image : images) {
            if (image.start() < index && index < image.end()) {
                return image.start();
            }
        }
        return index;
    }

    /** The index itself, or the end of the image that it lies in. */
    public int endOfImageAt(int index) {
        for (var image : images) {
            if (image.start() < index && index < image.end()) {
                return image.end();
            }
        }
        return index;
    }

    public static List<Integer> boxed(int[] ids) {
        return new IntList(ids);
    }

    public static int[] unboxed(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
