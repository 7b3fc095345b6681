// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.model.IntList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A growable list of token ids without boxing, with the pictures among them. A picture is never cut: every index that is
 * asked for or cut at is that of a text's token, or of a picture's start or end. Not thread-safe.
 */
final class TokenList {

    private int[] ids;
    private int size;
    private List<PictureSpan> pictures;

    TokenList(int[] initial) {
        this(initial, List.of());
    }

    /**
     * A list with pictures.
     *
     * @param initial the tokens, with {@link PictureSpan#token()} in the places of the pictures
     * @param pictures in the order of their places
     */
    TokenList(int[] initial, List<PictureSpan> pictures) {
        this.ids = initial.clone();
        this.size = initial.length;
        this.pictures = List.copyOf(pictures);
    }

    int size() {
        return size;
    }

    int get(int index) {
        return ids[index];
    }

    List<PictureSpan> pictures() {
        return pictures;
    }

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, Math.max(16, size * 2));
        }
        ids[size++] = id;
    }

    /** Forgets everything from an index on. */
    void truncate(int newSize) {
        size = newSize;
        if (!pictures.isEmpty()) {
            pictures = pictures.stream()
                    .filter(picture -> picture.start() < newSize)
                    .toList();
        }
    }

    /** Takes out the tokens of {@code [from, to)}. */
    void removeRange(int from, int to) {
        System.arraycopy(ids, to, ids, from, size - to);
        size -= to - from;
        if (!pictures.isEmpty()) {
            var left = new ArrayList<PictureSpan>();
            for (var picture : pictures) {
                if (picture.start() < from) {
                    left.add(picture);
                } else if (picture.start() >= to) {
                    left.add(picture.movedBy(from - to));
                }
            }
            pictures = List.copyOf(left);
        }
    }

    /** The first {@code count} tokens, as an array of one's own. */
    int[] head(int count) {
        return Arrays.copyOf(ids, count);
    }

    /** All tokens of text. */
    int[] text() {
        return Arrays.stream(ids, 0, size).filter(id -> id >= 0).toArray();
    }

    /** How many tokens from the start are the same in both; a picture is the same as a whole or not at all. */
    int commonPrefix(TokenList other) {
        var limit = Math.min(size, other.size);
        var mismatch = Arrays.mismatch(ids, 0, limit, other.ids, 0, limit);
        return startOfPictureAt(mismatch < 0 ? limit : mismatch);
    }

    /** The position in the sequence of the token at an index: behind pictures it may be less than the index. */
    int position(int index) {
        var position = index;
        for (var picture : pictures) {
            if (picture.end() <= index) {
                position -= picture.saved();
            }
        }
        return position;
    }

    /** The picture that begins at an index. */
    Optional<PictureSpan> pictureAt(int index) {
        return pictures.stream().filter(picture -> picture.start() == index).findFirst();
    }

    /** Where the text ends that goes on from an index: at the next picture or at the end. */
    int endOfText(int from) {
        return pictures.stream()
                .mapToInt(PictureSpan::start)
                .filter(start -> start >= from)
                .findFirst()
                .orElse(size);
    }

    /** The index itself, or the start of the picture that it lies in. */
    int startOfPictureAt(int index) {
        for (var picture : pictures) {
            if (picture.start() < index && index < picture.end()) {
                return picture.start();
            }
        }
        return index;
    }

    /** The index itself, or the end of the picture that it lies in. */
    int endOfPictureAt(int index) {
        for (var picture : pictures) {
            if (picture.start() < index && index < picture.end()) {
                return picture.end();
            }
        }
        return index;
    }

    static List<Integer> boxed(int[] ids) {
        return new IntList(ids);
    }

    static int[] unboxed(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
