// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.source.ModelFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands between lines of dashes at the head of a README.md: of its YAML only texts and lists of texts, which is what a GGUF
 * takes from it. Immutable.
 */
final class ModelCard {
    private static final String MARK = "---";

    private final Map<String, List<String>> lists = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();

    private ModelCard() {}

    static ModelCard read(ModelFiles files) {
        var card = new ModelCard();
        files.bytes("README.md").ifPresent(bytes -> card.parse(new String(bytes, StandardCharsets.UTF_8)));
        return card;
    }

    /** A text of the first of these keys that has one. */
    Optional<String> text(String... keys) {
        for (var key : keys) {
            if (texts.containsKey(key)) {
                return Optional.of(texts.get(key));
            }
        }
        return Optional.empty();
    }

    /** A list, or a text as a list; nothing if the key is not there. */
    Optional<List<String>> list(String key) {
        return Optional.ofNullable(lists.get(key))
                .or(() -> Optional.ofNullable(texts.get(key)).map(List::of));
    }

    private void parse(String content) {
        var lines = content.replace("\r\n", "\n").replace("\t", "  ").split("\n", -1);
        if (!lines[0].equals(MARK)) {
            return;
        }
        var index = 1;
        while (index < lines.length && !lines[index].equals(MARK)) {
            var colon = colon(lines[index]);
            index++;
            if (colon <= 0) {
                continue;
            }
            var line = lines[index - 1];
            var from = index;
            while (index < lines.length && !lines[index].equals(MARK) && colon(lines[index]) <= 0) {
                index++;
            }
            entry(
                    line.substring(0, colon).strip(),
                    line.substring(colon + 1).strip(),
                    List.of(lines).subList(from, index));
        }
    }

    /** Where the colon after a key of the outermost level is, or 0. */
    private static int colon(String line) {
        if (line.isEmpty() || line.startsWith(" ") || line.startsWith("#") || line.startsWith("-")) {
            return 0;
        }
        var colon = line.indexOf(": ");
        return colon > 0 ? colon : line.endsWith(":") ? line.length() - 1 : 0;
    }

    private void entry(String key, String value, List<String> below) {
        if (value.startsWith("[") && value.endsWith("]")) {
            var items = new ArrayList<String>();
            for (var item : value.substring(1, value.length() - 1).split(",", -1)) {
                if (!item.isBlank()) {
                    items.add(plain(item.strip()));
                }
            }
            lists.put(key, items);
        } else if (value.isEmpty()) {
            list(key, below);
        } else if (value.startsWith("|") || value.startsWith(">")) {
            block(key, value, below);
        } else {
            texts.put(key, plain(value));
        }
    }

    private void list(String key, List<String> below) {
        var items = new ArrayList<String>();
        var level = -1;
        for (var line : below) {
            var text = line.strip();
            var indent = line.indexOf('-');
            if (!text.startsWith("-") || (level >= 0 && indent > level)) {
                continue;
            }
            level = indent;
            var item = text.substring(1).strip();
            if (colon(item) > 0 && !item.startsWith("\"") && !item.startsWith("'")) {
                return; // a list of objects, of which nothing is taken
            }
            if (!item.isEmpty()) {
                items.add(plain(item));
            }
        }
        if (!items.isEmpty()) {
            lists.put(key, items);
        }
    }

    private void block(String key, String mark, List<String> below) {
        var lines = below.stream().map(String::strip).toList();
        var text = String.join(mark.startsWith("|") ? "\n" : " ", lines).strip();
        texts.put(key, mark.endsWith("-") ? text : text + "\n");
    }

    private static String plain(String value) {
        var quote = value.charAt(0);
        if (quote == '"' || quote == '\'') {
            var end = value.lastIndexOf(quote);
            if (end > 0) {
                var text = value.substring(1, end);
                return quote == '\''
                        ? text.replace("''", "'")
                        : text.replace("\\\"", "\"").replace("\\\\", "\\");
            }
        }
        var comment = value.indexOf(" #");
        return comment < 0 ? value : value.substring(0, comment).strip();
    }
}
