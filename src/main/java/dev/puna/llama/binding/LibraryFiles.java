// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.failure.NativeFailure;
import dev.puna.library.LibraryCheck;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
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

    /** The libraries to open, in order, when these and the plugins that ggml will open have been found whole. */
    static List<Path> inLoadOrder(Path folder) {
        return readable(folder, () -> {
            var present = present(folder);
            var wanted = find(folder, present, LOAD_ORDER);
            var plugins = present.stream().filter(LibraryFiles::isPlugin).toList();
            check(
                    folder,
                    Stream.concat(wanted.stream(), plugins.stream()).distinct().toList());
            return wanted;
        });
    }

    static List<Path> mediaInLoadOrder(Path folder) {
        return readable(folder, () -> {
            var wanted = find(folder, present(folder), MEDIA_LOAD_ORDER);
            check(folder, wanted);
            return wanted;
        });
    }

    static NativeFailure failure(Path folder, String reason) {
        return NativeFailure.of("load the native libraries of", folder.toString(), reason, ADVICE);
    }

    private static List<Path> present(Path folder) throws IOException {
        if (!Files.readAttributes(folder, BasicFileAttributes.class).isDirectory()) {
            throw failure(folder, "it is a file and no folder");
        }
        try (Stream<Path> entries = Files.list(folder.toRealPath())) {
            return entries.sorted().toList();
        }
    }

    private static boolean isPlugin(Path file) {
        var name = file.getFileName().toString();
        return name.startsWith("libggml-") && name.endsWith(".so");
    }

    private static void check(Path folder, List<Path> files) throws IOException {
        var check = LibraryCheck.of(folder);
        for (var file : files) {
            var fault = check.fault(file);
            if (fault.isPresent()) {
                throw failure(folder, file.getFileName() + " " + fault.get());
            }
        }
    }

    private static List<Path> find(Path folder, List<Path> present, List<String> names) throws IOException {
        var files = new ArrayList<Path>();
        for (var name : names) {
            files.add(find(folder, present, name));
        }
        return List.copyOf(files);
    }

    private static Path find(Path folder, List<Path> present, String name) throws IOException {
        var plain = System.mapLibraryName(name);
        var stem = "lib" + name + ".";
        var suffix = plain.substring(plain.lastIndexOf('.'));
        return present.stream()
                .filter(file -> file.getFileName().toString().equals(plain))
                .findFirst()
                .or(() -> present.stream()
                        .filter(file -> isVersionOf(file.getFileName().toString(), stem, suffix))
                        .findFirst())
                .orElseThrow(() -> failure(folder, plain + " is missing"))
                // The linker tells libraries apart by path: links to one file must lead to one path.
                .toRealPath();
    }

    /** {@code libllama.v0.5.0.so} and {@code libllama.so.0} are versions of {@code libllama.so}. */
    private static boolean isVersionOf(String file, String stem, String suffix) {
        return file.startsWith(stem) && (file.endsWith(suffix) || file.contains(suffix + "."));
    }

    /** What the work gives, or the failure that says in words why the folder cannot be read. */
    private static List<Path> readable(Path folder, Reading work) {
        try {
            return work.files();
        } catch (IOException e) {
            throw new NativeFailure(failure(folder, reason(folder, e)).text(), e);
        }
    }

    private static String reason(Path folder, IOException e) {
        var file = e instanceof FileSystemException known && known.getFile() != null ? known.getFile() : "";
        var inside = file.length() > folder.toString().length();
        var subject = inside ? file.substring(file.lastIndexOf('/') + 1) : "it";
        return switch (e) {
            case NoSuchFileException _ -> inside ? subject + " leads nowhere" : "there is no such folder";
            case AccessDeniedException _ -> subject + " may not be read by this user";
            case FileSystemException known
            when known.getReason() != null -> subject + " cannot be read (" + known.getReason() + ")";
            default -> subject + " cannot be read (" + e.getMessage() + ")";
        };
    }

    /** Work on files that may fail. */
    @FunctionalInterface
    private interface Reading {
        List<Path> files() throws IOException;
    }
}
