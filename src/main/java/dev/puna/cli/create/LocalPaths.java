// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.create;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** What a path in a Modelfile means: relative to the Modelfile, {@code ~} for a home folder. */
final class LocalPaths {
    private static final Path USERS = Path.of("/etc/passwd");
    private static final int HOME_FIELD = 5;

    private final Path modelfileFolder;
    private final Path home;

    LocalPaths(Path modelfileFolder, Path home) {
        this.modelfileFolder = requireNonNull(modelfileFolder, "modelfileFolder is null");
        this.home = requireNonNull(home, "home is null");
    }

    /** The file or folder that the text names, if there is one; a model's name mostly names none. */
    Optional<Path> find(String text) {
        return resolve(text).filter(Files::exists);
    }

    private Optional<Path> resolve(String text) {
        try {
            if (!text.startsWith("~")) {
                return Optional.of(
                        modelfileFolder.resolve(text).toAbsolutePath().normalize());
            }
            var slash = text.indexOf('/');
            var user = text.substring(1, slash < 0 ? text.length() : slash);
            var below = slash < 0 ? "" : text.substring(slash + 1);
            return Optional.of((user.isEmpty() ? home : homeOf(user))
                    .resolve(below)
                    .toAbsolutePath()
                    .normalize());
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private static Path homeOf(String user) {
        try (var lines = Files.lines(USERS)) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > HOME_FIELD && fields[0].equals(user))
                    .map(fields -> Path.of(fields[HOME_FIELD]))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure("failed to find user '" + user + "'"));
        } catch (IOException e) {
            throw new CommandFailure("failed to find user '" + user + "': " + USERS + " cannot be read", e);
        }
    }
}
