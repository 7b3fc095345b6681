// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.engine.remote.RunnerProgram;
import dev.puna.failure.NativeFailure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** This very program as the process of a model: what runs here, asked to be something else. */
final class RunnerPrograms {
    private static final Path SELF = Path.of("/proc/self");

    private static final String AOT_CACHE = "-XX:AOTCache=";

    private RunnerPrograms() {}

    static RunnerProgram ofThisProcess(Map<String, String> environment, Path nativeLibraries) {
        try {
            var executable = SELF.resolve("exe").toRealPath();
            var words = new ArrayList<>(
                    List.of(Files.readString(SELF.resolve("cmdline")).split("\0")));
            words.set(0, executable.toString());
            words.set(words.size() - 1, "runner");
            var jvm = jvm(words);
            // A JVM may not write the file that others could read its counters from. An executable would tell the state
            // of all of its
            // threads for a fault in a library, and end with a code of its own instead of by the signal.
            words.add(1, jvm.isPresent() ? "-XX:-UsePerfData" : "-XX:-InstallSegfaultHandler");
            return new RunnerProgram(
                    words,
                    environment,
                    nativeLibraries,
                    cacheFolder(environment).map(cache -> cache.resolve("drivers")),
                    jvm);
        } catch (IOException e) {
            throw new NativeFailure(
                    "cannot start processes for models: " + e.getMessage()
                            + "; set PUNA_ISOLATION=none to load them into the server",
                    e);
        }
    }

    /** What can be made again belongs here. Source: the XDG Base Directory Specification, by which a relative path is to be ignored. */
    static Optional<Path> cacheFolder(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .or(() -> Optional.ofNullable(environment.get("HOME")).map(home -> Path.of(home, ".cache")))
                .filter(Path::isAbsolute)
                .map(caches -> caches.resolve("puna"));
    }

    private static Optional<RunnerProgram.Jvm> jvm(List<String> words) {
        var home = System.getProperty("java.home");
        if (home == null || System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            return Optional.empty();
        }
        var images = words.stream()
                .filter(word -> word.startsWith(AOT_CACHE))
                .map(word -> word.substring(AOT_CACHE.length()));
        var classPath = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"));
        var files = Stream.concat(images, classPath)
                .map(entry -> Path.of(entry).toAbsolutePath())
                // Beside a jar lie those that it names.
                .map(entry -> entry.endsWith("quarkus-run.jar") ? entry.getParent() : entry)
                .toList();
        return Optional.of(new RunnerProgram.Jvm(Path.of(home), files));
    }
}
