// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Copies of our classes that say they are of Java 23, the newest that Jazzer 0.24.0 takes apart. Class files of Java 25 hold nothing
 * that those of 23 may not, and the JDK that runs them is the same.
 */
final class FuzzClasses {
    private static final int MAGIC = 0xCA;
    private static final int VERSION_AT = 7;
    private static final byte JAVA_23 = 67;

    private FuzzClasses() {}

    /** The class path of this process with its folders copied into {@code copies}. */
    static String classPath(Path copies) throws IOException {
        var entries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        for (var entry : entries) {
            if (Files.isDirectory(entry)) {
                copy(entry, copies);
            }
        }
        return entries.stream()
                .filter(Files::isRegularFile)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator, copies + File.pathSeparator, ""));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                var copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.write(copy, older(Files.readAllBytes(file)));
            }
        }
    }

    private static byte[] older(byte[] file) {
        var isClass = file.length > VERSION_AT && Byte.toUnsignedInt(file[0]) == MAGIC && file[1] == (byte) 0xFE;
        if (isClass && file[VERSION_AT] > JAVA_23) {
            file[VERSION_AT] = JAVA_23;
        }
        return file;
    }
}
