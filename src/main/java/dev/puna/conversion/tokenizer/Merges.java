// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.ModelFiles;
import dev.puna.gguf.GgufValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The merges of a vocabulary as GGUF has them: two parts with a space between. */
final class Merges {
    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    /** What stands for a space inside a part. */
    private static final String SPACE = "Ġ";

    private Merges() {}

    static GgufValue.Packed of(Optional<TokenizerJson> file, ModelFiles files) {
        var texts = new Texts();
        file.ifPresent(json -> {
            for (var rank = 0; rank < json.merges().count(); rank++) {
                texts.add(merge(json.merges().get(rank), json.mergesArePairs()));
            }
        });
        if (texts.count() == 0) {
            files.bytes("merges.txt").ifPresent(bytes -> lines(new String(bytes, StandardCharsets.UTF_8), texts));
        }
        return texts.packed();
    }

    private static byte[] merge(byte[] merge, boolean pair) {
        var spaces = 0;
        for (var value : merge) {
            spaces += pair && value == ' ' ? 1 : 0;
        }
        var written = new byte[merge.length + spaces];
        var space = SPACE.getBytes(StandardCharsets.UTF_8);
        var to = 0;
        for (var value : merge) {
            if (value == ' ' && pair) {
                written[to++] = space[0];
                written[to++] = space[1];
            } else {
                written[to++] = value == TokenizerReader.BETWEEN ? (byte) ' ' : value;
            }
        }
        return written;
    }

    private static void lines(String text, Texts merges) {
        var first = true;
        for (var line : text.split("\n", -1)) {
            var parts = SPACES.split(line.strip());
            if (parts.length == 2 && !(first && line.strip().startsWith("#"))) {
                merges.add(parts[0] + " " + parts[1]);
            }
            first = false;
        }
    }
}
