// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Config;
import dev.puna.failure.Unsupported;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The normalisers of {@code tokenizer.json}. */
final class Normalization {
    private Normalization() {}

    /** What a normaliser does to a text. */
    static UnaryOperator<String> of(Config normalizer) {
        var type = normalizer.text("type").orElse("");
        return switch (type) {
            case "Sequence" -> {
                var all = parts(normalizer, "normalizers").stream()
                        .map(Normalization::of)
                        .toList();
                yield text -> {
                    var result = text;
                    for (var one : all) {
                        result = one.apply(result);
                    }
                    return result;
                };
            }
            case "NFC" -> text -> Normalizer.normalize(text, Normalizer.Form.NFC);
            case "NFD" -> text -> Normalizer.normalize(text, Normalizer.Form.NFD);
            case "NFKC" -> text -> Normalizer.normalize(text, Normalizer.Form.NFKC);
            case "NFKD" -> text -> Normalizer.normalize(text, Normalizer.Form.NFKD);
            case "Lowercase" -> Normalization::lowercase;
            case "StripAccents" -> Normalization::withoutMarks;
            case "ByteLevel" -> ByteLetters::encode;
            case "Prepend" -> {
                var prefix = normalizer.text("prepend").orElse("");
                yield text -> text.isEmpty() ? text : prefix + text;
            }
            case "Strip" -> {
                var left = normalizer.bool("strip_left", true);
                var right = normalizer.bool("strip_right", true);
                yield text -> stripped(text, left, right);
            }
            case "Replace" -> {
                var pattern = Patterns.of(normalizer);
                var content = normalizer.text("content").orElse("");
                yield text -> Patterns.cut(text, normalizer, pattern).replaced(content);
            }
            case "BertNormalizer" -> bert(normalizer);
            default -> throw new Unsupported("a tokenizer with the normalizer " + Quoted.of(type));
        };
    }

    /** The objects of a list. */
    static List<Config> parts(Config owner, String key) {
        var parts = new ArrayList<Config>();
        for (var part : owner.list(key)) {
            if (!(part instanceof Map<?, ?>)) {
                throw owner.wrong("a list of objects", key);
            }
            parts.add(owner.with(Map.of("part", part)).section("part"));
        }
        return parts;
    }

    private static UnaryOperator<String> bert(Config normalizer) {
        var clean = normalizer.bool("clean_text", true);
        var ideographs = normalizer.bool("handle_chinese_chars", true);
        var lowercase = normalizer.bool("lowercase", true);
        var accents = normalizer.bool("strip_accents", lowercase);
        return text -> {
            var result = clean ? cleaned(text) : text;
            result = ideographs ? spaced(result) : result;
            result = accents ? withoutAccents(result) : result;
            return lowercase ? lowercase(result) : result;
        };
    }

    private static String cleaned(String text) {
        var result = new StringBuilder();
        text.codePoints()
                .filter(point -> point != 0 && point != 0xFFFD && !Characters.isControl(point))
                .map(point -> Characters.isSpace(point) ? ' ' : point)
                .forEach(result::appendCodePoint);
        return result.toString();
    }

    private static String spaced(String text) {
        var result = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (Characters.isIdeograph(point)) {
                result.append(' ').appendCodePoint(point).append(' ');
            } else {
                result.appendCodePoint(point);
            }
        });
        return result.toString();
    }

    /** Without marks of any kind, as far as they are written apart. */
    private static String withoutMarks(String text) {
        var result = new StringBuilder();
        text.codePoints().filter(point -> !Characters.isMark(point)).forEach(result::appendCodePoint);
        return result.toString();
    }

    /** With letters and marks apart, and without those marks that take no space. */
    private static String withoutAccents(String text) {
        var result = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFD)
                .codePoints()
                .filter(point -> Character.getType(point) != Character.NON_SPACING_MARK)
                .forEach(result::appendCodePoint);
        return result.toString();
    }

    /** Each letter for itself, whatever is around it. */
    private static String lowercase(String text) {
        var result = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point == 'İ') {
                result.append("i̇");
            } else {
                result.appendCodePoint(Character.toLowerCase(point));
            }
        });
        return result.toString();
    }

    private static String stripped(String text, boolean left, boolean right) {
        var start = 0;
        var end = text.length();
        while (left && start < end && Characters.isSpace(text.charAt(start))) {
            start++;
        }
        while (right && end > start && Characters.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }
}
