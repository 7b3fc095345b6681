// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A prompt without the paths of images (or sounds) that were in it, and what these files hold. Source: contract 5.
 *
 * @param text what is left to say
 * @param images the files in base64, in the order of the paths
 */
record Attachments(String text, List<String> images) {
    private static final long MOST_BYTES = 100L << 20;

    /** From a slash, or a dot or a drive before it, to an ending that is known; spaces in it are escaped. */
    private static final Pattern PATH =
            Pattern.compile("(?:[a-zA-Z]:)?(?:\\.{0,2}/|\\\\)[\\S\\\\ ]+?\\.(?i:jpg|jpeg|png|webp|wav)\\b");

    /** A container of chunks, with its length in between. */
    private static final Pattern RIFF = Pattern.compile("RIFF.{4}(WEBP|WAVE)", Pattern.DOTALL);

    /** A shell puts a backslash before these when a file is dragged onto the terminal. */
    private static final Pattern ESCAPED = Pattern.compile("\\\\([ ()\\[\\]{}$&;'\\\\*?~])");

    Attachments {
        requireNonNull(text, "text is null");
        images = List.copyOf(images);
    }

    /**
     * Takes the files out of a prompt; a path of no file stays in the text.
     *
     * @param err told of each file
     */
    static Attachments in(String prompt, PrintWriter err) {
        var text = prompt;
        var images = new ArrayList<String>();
        var paths = PATH.matcher(prompt).results().map(match -> match.group()).toList();
        for (var written : paths) {
            var path = ESCAPED.matcher(written).replaceAll("$1");
            if (isFile(path)) {
                images.add(read(path));
                err.println("Added image '" + path + "'");
                err.flush();
                text = text.replace("'" + path + "'", "")
                        .replace("'" + written + "'", "")
                        .replace(written, "");
            }
        }
        return new Attachments(text.strip(), images);
    }

    private static boolean isFile(String path) {
        try {
            return Files.isRegularFile(Path.of(path));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    /** By the first bytes, as the formats define them, whatever the name says. */
    private static boolean isKnown(byte[] content) {
        var begin = new String(content, 0, Math.min(content.length, 12), ISO_8859_1);
        return begin.startsWith("\u00ff\u00d8\u00ff")
                || begin.startsWith("\u0089PNG\r\n\u001a\n")
                || RIFF.matcher(begin).matches();
    }

    private static String read(String path) {
        try {
            if (Files.size(Path.of(path)) > MOST_BYTES) {
                throw new CommandFailure(
                        "Couldn't process image '" + path + "': file size exceeds maximum limit (100MB)");
            }
            var content = Files.readAllBytes(Path.of(path));
            if (!isKnown(content)) {
                throw new CommandFailure("Couldn't process image '" + path
                        + "': invalid file type, it is no JPEG, PNG, WebP or WAV file");
            }
            return Base64.getEncoder().encodeToString(content);
        } catch (IOException e) {
            throw new CommandFailure("Couldn't process image '" + path + "': " + IoReason.of(e), e);
        }
    }
}
