// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chat templates, one or several with names, of files of their own where {@code tokenizer_config.json} has none. */
final class ChatTemplates {
    private static final String FOLDER = "additional_chat_templates/";
    private static final String ENDING = ".jinja";
    private static final String DEFAULT = "default";

    private ChatTemplates() {}

    /** What the files hold: a text, a list of objects with names and templates, or nothing. */
    static @Nullable Object read(ModelFiles files) {
        var alone = text(files, "chat_template" + ENDING);
        if (alone.isEmpty()) {
            return Json.object(files, "chat_template.json")
                    .map(object -> object.get("chat_template"))
                    .orElse(null);
        }
        var all = new ArrayList<Map<String, String>>();
        all.add(Map.of("name", DEFAULT, "template", alone.get()));
        files.names().stream()
                .filter(name ->
                        name.startsWith(FOLDER) && name.endsWith(ENDING) && name.indexOf('/', FOLDER.length()) < 0)
                .forEach(name -> all.add(Map.of(
                        "name",
                        name.substring(FOLDER.length(), name.length() - ENDING.length()),
                        "template",
                        text(files, name).orElse(""))));
        return all.size() == 1 ? alone.get() : all;
    }

    static void write(Entries entries, @Nullable Object templates) {
        switch (templates) {
            case String template -> entries.text("tokenizer.chat_template", template);
            case List<?> list -> several(entries, list);
            case null, default -> {}
        }
    }

    private static void several(Entries entries, List<?> list) {
        var names = new LinkedHashSet<String>();
        String template = null;
        for (var choice : list) {
            if (choice instanceof Map<?, ?> map && map.get("template") instanceof String text) {
                var name = map.get("name") instanceof String given ? plain(given) : "";
                if (name.equals(DEFAULT)) {
                    template = text;
                } else if (!name.isEmpty()) {
                    names.add(name);
                    entries.text("tokenizer.chat_template." + name, text);
                }
            }
        }
        if (!names.isEmpty()) {
            entries.texts("tokenizer.chat_templates", List.copyOf(names));
        }
        if (template != null) {
            entries.text("tokenizer.chat_template", template);
        }
    }

    private static String plain(String name) {
        var plain = new StringBuilder();
        name.codePoints()
                .forEach(point -> plain.append(point < 0x80 && Character.isLetterOrDigit(point) ? (char) point : '_'));
        return plain.toString();
    }

    /** A text as Python reads it: each end of a line is a line feed. */
    private static Optional<String> text(ModelFiles files, String name) {
        return files.bytes(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8)
                .replace("\r\n", "\n")
                .replace('\r', '\n'));
    }
}
