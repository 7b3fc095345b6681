// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** The decoders of {@code tokenizer.json}, as far as they change the text of one token that stands alone. */
final class Decoding {
    private Decoding() {}

    static UnaryOperator<String> of(Config decoder) {
        return switch (decoder.text("type").orElse("")) {
            case "Sequence" -> {
                var all = Normalization.parts(decoder, "decoders").stream()
                        .map(Decoding::of)
                        .toList();
                yield token -> {
                    var text = token;
                    for (var one : all) {
                        text = one.apply(text);
                    }
                    return text;
                };
            }
            case "ByteLevel" -> token -> new String(ByteLetters.decode(token), StandardCharsets.UTF_8);
            case "ByteFallback" -> Decoding::bytes;
            case "Replace" -> Normalization.of(decoder);
            case "Metaspace" -> metaspace(decoder);
            case "Strip" -> {
                var content = decoder.text("content").orElse(" ");
                var start = decoder.whole("start", 0);
                var stop = decoder.whole("stop", 0);
                yield token -> stripped(token, content, start, stop);
            }
            case "WordPiece" ->
                token -> decoder.bool("cleanup", true) ? cleaned(token).replace(" do not", " don't") : token;
            case "BPEDecoder" -> {
                var suffix = decoder.text("suffix").orElse("</w>");
                yield token -> token.replace(suffix, "");
            }
            default -> token -> token;
        };
    }

    /** Without spaces before punctuation and shortened words. */
    static String cleaned(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }

    private static UnaryOperator<String> metaspace(Config decoder) {
        var mark = decoder.text("replacement").orElse("▁");
        var scheme = decoder.text("prepend_scheme").orElse(decoder.bool("add_prefix_space", true) ? "always" : "never");
        return token -> token.replace(mark, scheme.equals("never") ? " " : "");
    }

    private static String bytes(String token) {
        if (token.length() != 6 || !token.startsWith("<0x") || !token.endsWith(">")) {
            return token;
        }
        try {
            var value = Integer.parseInt(token, 3, 5, 16);
            return value < 0x80 ? String.valueOf((char) value) : "\uFFFD";
        } catch (NumberFormatException _) {
            return token;
        }
    }

    private static String stripped(String token, String content, long start, long stop) {
        var from = 0;
        while (from < start && token.startsWith(content, from) && !content.isEmpty()) {
            from += content.length();
        }
        var to = token.length();
        for (var count = 0L;
                count < stop && to - content.length() >= from && token.startsWith(content, to - content.length());
                count++) {
            to -= content.length();
        }
        return token.substring(from, to);
    }
}
