// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the native libraries are: where the settings say, or in a folder that is told from where the program lies. */
final class NativeLibraries {
    private NativeLibraries() {}

    static Path folder(Settings settings) {
        return settings.nativeLibs()
                .or(() -> Optional.ofNullable(System.getProperty("puna.native-libs"))
                        .map(Path::of))
                .orElseGet(() -> belongingTo(
                        ProcessHandle.current().info().command().map(Path::of).orElse(Path.of("puna"))))
                .toAbsolutePath();
    }

    /** As packages have it ({@code bin} and {@code lib/puna}), unpacked beside the program, or as the source tree has it. */
    static Path belongingTo(Path program) {
        var usual = program.resolveSibling("../lib/puna").normalize();
        return Stream.of(usual, program.resolveSibling("lib/puna"), program.resolveSibling("native-libs"))
                .filter(NativeLibraries::present)
                .findFirst()
                .orElse(usual);
    }

    /** Whether there is something to load; it may still be of another version. */
    static boolean present(Path folder) {
        return Files.isDirectory(folder);
    }
}
