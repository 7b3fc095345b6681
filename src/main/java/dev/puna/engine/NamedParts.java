// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.failure.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * libllama finds the parts of a split model by their names alone: links of these names, until this is closed.
 *
 * @param folder in which they are, of its own
 * @param links to the parts, in order
 */
public record NamedParts(Path folder, List<Path> links) implements AutoCloseable {
    public NamedParts {
        links = List.copyOf(links);
    }

    /**
     * Links files, in the system's folder for temporary ones.
     *
     * @throws StoreFailure if that does not let it
     */
    public static NamedParts of(List<Path> files) {
        try {
            var folder = Files.createTempDirectory("puna-parts");
            var links = new ArrayList<Path>();
            for (int i = 0; i < files.size(); i++) {
                var name = "model-%05d-of-%05d.gguf".formatted(i + 1, files.size());
                links.add(Files.createSymbolicLink(
                        folder.resolve(name), files.get(i).toAbsolutePath()));
            }
            return new NamedParts(folder, links);
        } catch (IOException e) {
            throw new StoreFailure("cannot link the parts of a split model: " + e.getMessage(), e);
        }
    }

    /** The link that stands for the whole. */
    public Path first() {
        return links.getFirst();
    }

    @Override
    public void close() {
        try {
            for (var link : links) {
                Files.deleteIfExists(link);
            }
            Files.deleteIfExists(folder);
        } catch (IOException _) {
            // Links in the system's folder for temporary files: the system removes them.
        }
    }
}
