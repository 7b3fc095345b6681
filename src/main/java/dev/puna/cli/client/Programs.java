// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The programs that the user's PATH offers. */
public final class Programs {
    private final String path;

    public Programs(Map<String, String> environment) {
        this.path = requireNonNull(environment, "environment is null").getOrDefault("PATH", "");
    }

    /** The first executable file of that name. */
    public Optional<Path> find(String name) {
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
