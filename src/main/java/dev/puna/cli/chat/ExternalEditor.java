// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The user's own editor, in which a message can be written: {@code PUNA_EDITOR}, {@code OLLAMA_EDITOR}, {@code VISUAL},
 * {@code EDITOR}, or {@code vi}.
 *
 * @param command as a shell understands it, so that it may have arguments
 */
record ExternalEditor(String command) {
    static ExternalEditor of(Map<String, String> environment) {
        return new ExternalEditor(Settings.from(environment)
                .editor()
                .or(() -> Stream.of("VISUAL", "EDITOR")
                        .map(environment::get)
                        .filter(Objects::nonNull)
                        .map(String::strip)
                        .filter(value -> !value.isEmpty())
                        .findFirst())
                .orElse("vi"));
    }

    /**
     * Lets the user edit a text on this process's terminal.
     *
     * @return what was saved, without the last line break
     * @throws IOException with a sentence for the user if the editor cannot be run or fails
     */
    String edit(String text) throws IOException, InterruptedException {
        var file = Files.createTempFile("puna-message", ".txt");
        try {
            Files.writeString(file, text, UTF_8);
            var code = new ProcessBuilder("sh", "-c", command + " \"$1\"", "sh", file.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IOException(
                        "the editor \"" + command + "\" ended with code " + code + "; set PUNA_EDITOR to another one");
            }
            return Files.readString(file, UTF_8).stripTrailing();
        } finally {
            Files.delete(file);
        }
    }
}
