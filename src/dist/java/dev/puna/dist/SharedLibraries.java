// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the files of a distribution are linked with, as {@code readelf} of the binutils tells. */
final class SharedLibraries {
    private static final Pattern LINE = Pattern.compile(
            "Shared library: \\[(?<needed>[^\\]]+)\\]|Version: \\d+ +File: (?<file>\\S+)|Name: (?<version>[A-Z]+_[0-9.]+)");

    private SharedLibraries() {}

    /**
     * The sonames that program and libraries need and do not bring, each with the versions of symbols that are asked of it.
     * Libraries in folders below are not asked: they are tried, and left where they do not load.
     */
    static Map<String, Set<String>> neededBy(Path program, Path libs) throws IOException {
        var needed = new TreeMap<String, Set<String>>();
        var own = new TreeSet<String>();
        read(program, needed);
        try (var files = Files.newDirectoryStream(libs, "*.so*")) {
            for (var file : files) {
                own.add(file.getFileName().toString());
                read(file, needed);
            }
        }
        needed.keySet().removeAll(own);
        return needed;
    }

    private static void read(Path file, Map<String, Set<String>> into) throws IOException {
        var command = List.of("readelf", "--wide", "--dynamic", "--version-info", file.toString());
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader()) {
            out.lines().forEach(new Reader(into)::line);
        }
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("readelf cannot read " + file + ".");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while readelf read " + file + ".", e);
        }
    }

    /** Takes readelf's lines about one file. */
    static final class Reader {
        private final Map<String, Set<String>> into;
        private String library = "";

        Reader(Map<String, Set<String>> into) {
            this.into = into;
        }

        void line(String line) {
            var found = LINE.matcher(line);
            if (!found.find()) {
                return;
            }
            if (found.group("needed") != null) {
                into.computeIfAbsent(found.group("needed"), _ -> new TreeSet<>());
            } else if (found.group("file") != null) {
                library = found.group("file");
            } else if (!library.isEmpty()) {
                into.computeIfAbsent(library, _ -> new TreeSet<>()).add(found.group("version"));
            }
        }
    }
}
