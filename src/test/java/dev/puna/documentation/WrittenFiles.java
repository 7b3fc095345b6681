// SPDX-License-Identifier: Apache-2.0
package dev.puna.documentation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The repository's files that people wrote, without what is built, fetched or licensed by others. */
final class WrittenFiles {
    private static final Set<String> LEFT_OUT =
            Set.of(".git", "target", "build", "node_modules", "licenses", "generated", "seeds", "LICENSE", "shared");

    private WrittenFiles() {}

    /** Paths relative to the repository's root, in order. */
    static List<Path> all() throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(Path.of(""), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return leftOut(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !leftOut(file)) {
                    files.add(file.normalize());
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    /** A file's text, byte for byte: what is no UTF-8 does not matter to those who look for words. */
    static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static boolean leftOut(Path path) {
        return LEFT_OUT.contains(path.getFileName().toString());
    }
}
