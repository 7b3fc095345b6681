// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds tokens whose text a later token has too. llama.cpp v0.5.0 ends the process over one, though published files have some;
 * without its assertion the last one would be found by the text, so the others get another one, which looks the same: zero-width
 * spaces follow. Tokens without text do no harm, llama.cpp names them itself.
 */
final class DuplicateTokens {
    static final String TOKENS = "tokenizer.ggml.tokens";

    private static final long MOST_TOKENS = 4 << 20;
    private static final int MOST_DUPLICATES = 1024;
    private static final String ZERO_WIDTH_SPACE = new String("\u200b".getBytes(UTF_8), ISO_8859_1);

    private DuplicateTokens() {}

    /** Does something with one token; the text is its bytes, one a char. */
    private interface Visitor {
        void token(int number, String text);
    }

    /**
     * The bytes that tokens get instead of their own, by number; mostly none.
     *
     * @throws InvalidRequest if there are so many that the vocabulary is none
     */
    static Map<Integer, byte[]> renamed(Path source, GgufFile file) {
        var count = file.items(TOKENS)
                .filter(tokens -> tokens.elementType() == GgufValueType.STRING)
                .map(GgufValue.Items::count)
                .orElse(0L);
        if (count == 0 || count > MOST_TOKENS) {
            return Map.of();
        }
        var hashes = new int[Math.toIntExact(count)];
        visit(source, file, (number, bytes) -> hashes[number] = asC(bytes).hashCode());
        Arrays.sort(hashes);
        var suspects = twice(hashes);
        var renamed = new TreeMap<Integer, byte[]>();
        var lastOf = new HashMap<String, Integer>();
        visit(source, file, (number, bytes) -> {
            var text = asC(bytes);
            if (text.isEmpty() || !suspects.contains(text.hashCode())) {
                return;
            }
            var earlier = lastOf.put(text, number);
            if (earlier != null) {
                renamed.put(earlier, unique(text, renamed.size(), hashes));
                if (renamed.size() > MOST_DUPLICATES) {
                    throw new InvalidRequest(
                            "GGUF key %s holds more than %d tokens twice".formatted(TOKENS, MOST_DUPLICATES));
                }
            }
        });
        return renamed;
    }

    /** What llama.cpp reads of it. */
    private static String asC(String bytes) {
        var end = bytes.indexOf(0);
        return end < 0 ? bytes : bytes.substring(0, end);
    }

    /** Longer than those made before, so unlike them. */
    private static byte[] unique(String text, int before, int[] hashes) {
        var name = text + ZERO_WIDTH_SPACE.repeat(before + 1);
        while (Arrays.binarySearch(hashes, name.hashCode()) >= 0) {
            name += ZERO_WIDTH_SPACE;
        }
        return name.getBytes(ISO_8859_1);
    }

    private static Set<Integer> twice(int[] sorted) {
        var twice = new HashSet<Integer>();
        for (var i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                twice.add(sorted[i]);
            }
        }
        return twice;
    }

    private static void visit(Path source, GgufFile file, Visitor visitor) {
        try (var channel = FileChannel.open(source)) {
            var input = new GgufInput(channel);
            input.skip(CanonicalGguf.BEFORE_ENTRIES);
            for (var i = 0; i < file.metadata().size(); i++) {
                var key = input.text(Math.toIntExact(input.int64()));
                var type = CanonicalGguf.type(input);
                if (!key.equals(TOKENS)) {
                    CanonicalGguf.skipValue(input, type);
                    continue;
                }
                CanonicalGguf.type(input);
                var count = input.int64();
                for (var number = 0; number < count; number++) {
                    visitor.token(number, input.latin1(Math.toIntExact(input.int64())));
                }
                return;
            }
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + source + ": " + e.getMessage(), e);
        }
    }

    /** The entry of a header with the new texts in it. */
    static byte[] entry(Path source, GgufFile file, Map<Integer, byte[]> renamed) {
        var out = new HeaderBytes()
                .string(TOKENS)
                .int32(GgufValueType.ARRAY.code())
                .int32(GgufValueType.STRING.code())
                .int64(file.items(TOKENS).orElseThrow().count());
        visit(source, file, (number, text) -> {
            var bytes = renamed.getOrDefault(number, text.getBytes(ISO_8859_1));
            out.int64(bytes.length).bytes(bytes);
        });
        return out.padded(1);
    }
}
