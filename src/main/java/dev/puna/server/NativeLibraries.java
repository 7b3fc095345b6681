// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the native libraries are: where the settings say, or in the folder {@code native-libs} beside the program. */
final class NativeLibraries {
    private NativeLibraries() {}

    static Path folder(Settings settings) {
        return settings.nativeLibs()
                .or(() -> Optional.ofNullable(System.getProperty("puna.native-libs"))
                        .map(Path::of))
                .orElseGet(() -> besideProgram().resolve("native-libs"))
                .toAbsolutePath();
    }

    /** Whether there is something to load; it may still be of another version. */
    static boolean present(Path folder) {
        return Files.isDirectory(folder);
    }

    private static Path besideProgram() {
        var program = ProcessHandle.current().info().command().map(Path::of).map(Path::getParent);
        return program.filter(folder -> !folder.endsWith("bin")).orElse(Path.of(""));
    }
}
