// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A JVM's own files. Distributions keep some elsewhere, such as its configuration in {@code /etc}, with links to them. */
final class JavaHome {
    /** Deep enough for {@code conf/security/java.security}. */
    private static final int DEPTH = 3;

    private JavaHome() {}

    static List<Path> parts(Path home) {
        try (var files = Files.walk(home.toRealPath(), DEPTH)) {
            var elsewhere = files.filter(Files::isSymbolicLink).flatMap(JavaHome::target);
            return Stream.concat(Stream.of(home), elsewhere).toList();
        } catch (IOException _) {
            // Whoever cannot read it here cannot there.
            return List.of(home);
        }
    }

    private static Stream<Path> target(Path link) {
        try {
            return Stream.of(link.toRealPath());
        } catch (IOException _) {
            return Stream.empty();
        }
    }
}
