// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.gguf.GgufValue;
import dev.puna.model.FileType;
import java.util.Locale;
import java.util.Map;

/** How llama.cpp's converter calls a file that nobody names: {@code basename-size-finetune-version-type.gguf}. */
final class FileNaming {
    private FileNaming() {}

    /**
     * The name of a file with this metadata.
     *
     * @param type of the weights; empty for the one that the metadata tells
     */
    static String of(Map<String, GgufValue> entries, String type) {
        var name = new StringBuilder();
        append(
                name,
                text(entries, "general.basename", text(entries, "general.name", "ggml-model"))
                        .replace('/', '-'));
        append(name, text(entries, "general.size_label", ""));
        append(name, text(entries, "general.finetune", ""));
        append(name, text(entries, "general.version", ""));
        append(name, (type.isEmpty() ? typeOf(entries) : type).toUpperCase(Locale.ROOT));
        return name.append(".gguf").toString();
    }

    private static String typeOf(Map<String, GgufValue> entries) {
        return entries.get("general.file_type") instanceof GgufValue.Whole(var _, var number)
                ? FileType.name(number)
                : "";
    }

    private static void append(StringBuilder name, String part) {
        var tidy = part.strip().replace(' ', '-');
        if (!tidy.isEmpty()) {
            name.append(name.isEmpty() ? "" : "-").append(tidy);
        }
    }

    private static String text(Map<String, GgufValue> entries, String key, String otherwise) {
        return entries.get(key) instanceof GgufValue.Text(var text) ? text : otherwise;
    }
}
