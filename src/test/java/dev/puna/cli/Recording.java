// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What the real command did once, as {@code golden/cli} has it, with the names that ours has.
 *
 * @param exitCode exit code
 * @param output standard output
 * @param errors what standard error left on a terminal
 */
record Recording(int exitCode, String output, String errors) {
    private static final Path FOLDER = Path.of("src/test/resources/golden/cli");
    private static final Pattern SECTIONS = Pattern.compile(
            "--- exit (\\d+)\n--- stdout \\((\\d+) bytes\\)\n(.*?)--- stderr \\((\\d+) bytes\\)\n(.*)", Pattern.DOTALL);

    static Recording of(String name) {
        try {
            var matcher = SECTIONS.matcher(Files.readString(FOLDER.resolve(name + ".txt")));
            if (!matcher.find()) {
                throw new AssertionError(name + " is not a recording");
            }
            return new Recording(
                    Integer.parseInt(matcher.group(1)),
                    ours(visible(matcher.group(3))),
                    ours(new Screen().show(visible(matcher.group(5))).text()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of variables stand in a column, which stays where it is. */
    private static String ours(String text) {
        return text.replaceAll("OLLAMA_(\\w+)( +)", "PUNA_$1  $2")
                .replace("ollama", "puna")
                .replace("Ollama", "Puna");
    }

    /** Undoes what {@code cat -v} did: {@code ^X} for control characters, {@code M-} for bytes from 128 on. */
    private static String visible(String text) {
        var bytes = new ByteArrayOutputStream();
        var position = 0;
        while (position < text.length()) {
            var high = text.startsWith("M-", position) && position + 2 < text.length() ? 128 : 0;
            position += high > 0 ? 2 : 0;
            var control = text.charAt(position) == '^' && position + 1 < text.length();
            position += control ? 1 : 0;
            var character = text.codePointAt(position);
            position += Character.charCount(character);
            if (high > 0 || control) {
                bytes.write(high + (control ? character ^ 64 : character));
            } else {
                bytes.writeBytes(Character.toString(character).getBytes(UTF_8));
            }
        }
        return bytes.toString(UTF_8);
    }
}
