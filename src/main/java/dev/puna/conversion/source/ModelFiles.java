// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.source;

import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of a model by the names that they have in its directory; where they lie is another matter, they may be blobs of the
 * store. Any thread.
 */
public interface ModelFiles {
    /** The longest JSON or text file that is read as a whole, in bytes: the longest are indexes of a hundred thousand tensors. */
    int MAX_TEXT = 32 << 20;

    /** Names with slashes between folders, sorted. */
    Set<String> names();

    /** Where a file lies. */
    Optional<Path> path(String name);

    /** What the directory is called, from which the model gets its name if nothing else gives it one; may be empty. */
    String folderName();

    /** Whether there is such a file. */
    default boolean has(String name) {
        return path(name).isPresent();
    }

    /** The bytes of a small file. */
    default Optional<byte[]> bytes(String name) {
        return path(name).map(path -> {
            try (var in = Files.newInputStream(path)) {
                var bytes = in.readNBytes(MAX_TEXT + 1);
                if (bytes.length > MAX_TEXT) {
                    throw new InvalidRequest(name + " is longer than 32 MB: that is no file of a model");
                }
                return bytes;
            } catch (IOException e) {
                throw new InvalidRequest("cannot read " + name + ": " + e.getMessage());
            }
        });
    }

    /** The files of a directory and of the folders in it, as they are now. */
    static ModelFiles of(Path directory) {
        var found = new LinkedHashMap<String, Path>();
        try (var paths = Files.find(directory, 3, (path, attributes) -> Files.isRegularFile(path))) {
            paths.forEach(
                    path -> found.put(directory.relativize(path).toString().replace('\\', '/'), path));
        } catch (IOException e) {
            throw new InvalidRequest("cannot read directory " + directory + ": " + e.getMessage());
        }
        var name = directory.toAbsolutePath().normalize().getFileName();
        return of(found, name == null ? "" : name.toString());
    }

    /** Files that lie anywhere, of a model without a directory. */
    static ModelFiles of(Map<String, Path> files) {
        return of(files, "");
    }

    /** Files that lie anywhere. */
    static ModelFiles of(Map<String, Path> files, String folderName) {
        return new NamedFiles(files, folderName);
    }

    /** What is known beforehand. */
    record NamedFiles(Map<String, Path> files, String folderName) implements ModelFiles {
        /** Copies the map. */
        public NamedFiles {
            files = Map.copyOf(files);
        }

        @Override
        public Set<String> names() {
            return new TreeSet<>(files.keySet());
        }

        @Override
        public Optional<Path> path(String name) {
            return Optional.ofNullable(files.get(name));
        }
    }
}
