// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The Jinja templates of well-known models in llama.cpp's source, which {@code native-libs/prepare --source} brings into the cache.
 * Where they are missing, the test that asks for them is aborted, or fails if the environment requires that it runs.
 */
public final class LlamaTemplates {

    private LlamaTemplates() {}

    /** The template by its file's name without the ending. */
    public static String read(String name) {
        try {
            return Files.readString(folder().resolve(name + ".jinja"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the templates are. */
    public static Path folder() {
        var sources = cache().resolve(Path.of("puna", "native-libs", "source"));
        var wanted = Path.of("models", "templates");
        if (Files.isDirectory(sources)) {
            try (Stream<Path> versions = Files.list(sources)) {
                var found = versions.map(version -> version.resolve(wanted))
                        .filter(Files::isDirectory)
                        .max((a, b) -> a.compareTo(b));
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw TestModels.missing("no templates below " + sources + ": run native-libs/prepare --source");
    }

    private static Path cache() {
        var configured = Objects.requireNonNullElse(System.getenv("XDG_CACHE_HOME"), "");
        return configured.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(configured);
    }
}
