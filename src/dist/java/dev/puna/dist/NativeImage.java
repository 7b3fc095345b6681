// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an executable of GraalVM's says of how it was made: {@code native-image} leaves it as strings of the form name=value.
 *
 * @param compiler name and version, as {@code GraalVM CE 25.0.1+8.1}
 * @param java the version of the JDK whose classes are in it
 * @param staticLibraries file names of the archives that it was linked with
 */
record NativeImage(Optional<String> compiler, Optional<String> java, List<String> staticLibraries) {
    private static final String PREFIX = "com.oracle.svm.core.VM";

    NativeImage {
        staticLibraries = List.copyOf(staticLibraries);
    }

    static NativeImage read(Path program) throws IOException {
        // One character a byte.
        var bytes = Files.readString(program, StandardCharsets.ISO_8859_1);
        return new NativeImage(
                value(bytes, ""),
                value(bytes, ".Java.Version"),
                value(bytes, ".Target.StaticLibraries")
                        .map(names -> List.of(names.split("\\|")))
                        .orElse(List.of()));
    }

    private static Optional<String> value(String bytes, String name) {
        var found = Pattern.compile(Pattern.quote(PREFIX + name) + "=([\\x20-\\x7e]+)")
                .matcher(bytes);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
