// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.failure.NativeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The shared libraries of one folder, whatever their names carry as a version. */
final class LibraryFiles {
    static final String ADVICE =
            "run native-libs/prepare, or set PUNA_NATIVE_LIBS to a folder that holds libraries of the pinned version";

    /** Each needs those before it. The ggml plugins of the folder are not here: ggml opens them itself. */
    private static final List<String> LOAD_ORDER = List.of("ggml-base", "ggml", "llama", "llama-common", "puna-shim");

    /** Further ones for models that see or hear. */
    private static final List<String> MEDIA_LOAD_ORDER = List.of("mtmd", "puna-media");

    private LibraryFiles() {}

    static List<Path> inLoadOrder(Path folder) {
        return inLoadOrder(folder, LOAD_ORDER);
    }

    static List<Path> mediaInLoadOrder(Path folder) {
        return inLoadOrder(folder, MEDIA_LOAD_ORDER);
    }

    private static List<Path> inLoadOrder(Path folder, List<String> names) {
        if (!Files.isDirectory(folder)) {
            throw failure(folder, "there is no such folder");
        }
        try {
            return find(folder.toRealPath(), names);
        } catch (IOException e) {
            throw new NativeFailure(
                    failure(folder, "it cannot be read (" + e + ")").text(), e);
        }
    }

    static NativeFailure failure(Path folder, String reason) {
        return NativeFailure.of("load the native libraries of", folder.toString(), reason, ADVICE);
    }

    private static List<Path> find(Path folder, List<String> names) throws IOException {
        List<Path> present;
        try (Stream<Path> entries = Files.list(folder)) {
            present = entries.sorted().toList();
        }
        for (var file : present) {
            // The plugins too: ggml opens each of them to see which runs best.
            if (file.getFileName().toString().endsWith(".so") && ElfFile.isCutOff(file)) {
                throw failure(folder, file.getFileName() + " is cut off");
            }
        }
        return names.stream().map(name -> find(folder, present, name)).toList();
    }

    private static Path find(Path folder, List<Path> present, String name) {
        var plain = System.mapLibraryName(name);
        var stem = "lib" + name + ".";
        var suffix = plain.substring(plain.lastIndexOf('.'));
        return present.stream()
                .filter(file -> file.getFileName().toString().equals(plain))
                .findFirst()
                .or(() -> present.stream()
                        .filter(file -> isVersionOf(file.getFileName().toString(), stem, suffix))
                        .findFirst())
                .map(LibraryFiles::real)
                .orElseThrow(() -> failure(folder, plain + " is missing"));
    }

    /** {@code libllama.v0.5.0.so} and {@code libllama.so.0} are versions of {@code libllama.so}. */
    private static boolean isVersionOf(String file, String stem, String suffix) {
        return file.startsWith(stem) && (file.endsWith(suffix) || file.contains(suffix + "."));
    }

    /** The linker tells libraries apart by path: links to one file must lead to one path. */
    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new NativeFailure(
                    failure(file, "it cannot be read (" + e + ")").text(), e);
        }
    }
}
