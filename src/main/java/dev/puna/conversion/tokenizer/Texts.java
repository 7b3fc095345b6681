// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.GgufValue;
import dev.puna.gguf.GgufValueType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Many short texts one behind the other as UTF-8, which are found by their number and, once {@link #find} was called, by what they
 * say. A text costs its bytes and 4 more, 8 more when they can be searched. <b>Threads:</b> one.
 */
final class Texts {
    private static final int MAX_BYTES = 128 << 20;
    private static final int NONE = -1;

    private final int seed = ThreadLocalRandom.current().nextInt() | 1;
    private byte[] bytes = new byte[1 << 10];
    private int[] ends = new int[1 << 6];
    private int count;
    /** Numbers of texts at the places of their hashes, empty until it is needed. */
    private int[] places = {};

    int count() {
        return count;
    }

    void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    void add(byte[] text) {
        var start = start(count);
        if (text.length > MAX_BYTES - start) {
            throw new InvalidRequest("the tokenizer has more than 128 MB of texts");
        }
        if (start + text.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES, Math.max(2 * bytes.length, start + text.length)));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        System.arraycopy(text, 0, bytes, start, text.length);
        ends[count++] = start + text.length;
        places = new int[0];
    }

    byte[] get(int number) {
        return Arrays.copyOfRange(bytes, start(number), ends[number]);
    }

    String text(int number) {
        return new String(bytes, start(number), ends[number] - start(number), StandardCharsets.UTF_8);
    }

    /** The number of a text, of the last one where it is there more than once; -1 where it is not there. */
    int find(String text) {
        return find(text.getBytes(StandardCharsets.UTF_8));
    }

    int find(byte[] text) {
        return find(text, 0, text.length);
    }

    int find(byte[] text, int from, int to) {
        if (places.length == 0) {
            index();
        }
        for (var place = hash(text, from, to); ; place++) {
            var number = places[place & places.length - 1];
            if (number == NONE || is(number, text, from, to)) {
                return number;
            }
        }
    }

    /** All of them as an array of a GGUF. */
    GgufValue.Packed packed() {
        var packed = ByteBuffer.allocate(start(count) + Long.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        for (var number = 0; number < count; number++) {
            packed.putLong(ends[number] - start(number)).put(bytes, start(number), ends[number] - start(number));
        }
        return new GgufValue.Packed(GgufValueType.STRING, count, packed.flip());
    }

    private void index() {
        places = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
        Arrays.fill(places, NONE);
        for (var number = 0; number < count; number++) {
            var place = hash(bytes, start(number), ends[number]);
            while (at(place) != NONE && !is(at(place), bytes, start(number), ends[number])) {
                place++;
            }
            places[place & places.length - 1] = number;
        }
    }

    private int at(int place) {
        return places[place & places.length - 1];
    }

    private boolean is(int number, byte[] text, int from, int to) {
        return Arrays.equals(bytes, start(number), ends[number], text, from, to);
    }

    /** Differs between runs, so that nobody can make texts that all have the same. */
    private int hash(byte[] text, int from, int to) {
        var hash = seed;
        for (var at = from; at < to; at++) {
            hash = (hash ^ text[at]) * 0x01000193;
            hash ^= hash >>> 15 ^ seed;
        }
        hash *= 0x85ebca6b;
        return hash ^ hash >>> 13;
    }

    private int start(int number) {
        return number == 0 ? 0 : ends[number - 1];
    }
}
