// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where one model keeps its prefixes.
 *
 * @param path a folder that exists and holds nothing else
 * @param mostBytes of all files in it together
 */
public record PrefixFolder(Path path, long mostBytes) {
    private static final String PATH = "PUNA_RUNNER_PREFIXES";
    private static final String BYTES = "PUNA_RUNNER_PREFIX_BYTES";

    public PrefixFolder {
        requireNonNull(path, "path is null");
    }

    /** Tells it to the process of the model. */
    public Map<String, String> environment() {
        return Map.of(PATH, path.toString(), BYTES, Long.toString(mostBytes));
    }

    /** What the server has told this process; empty if it is to keep nothing. */
    public static Optional<PrefixFolder> of(Map<String, String> environment) {
        var path = environment.getOrDefault(PATH, "");
        return path.isEmpty()
                ? Optional.empty()
                : Optional.of(new PrefixFolder(Path.of(path), Long.parseLong(environment.getOrDefault(BYTES, "0"))));
    }
}
