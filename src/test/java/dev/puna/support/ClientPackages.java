// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * What {@code src/test/clients} asks of the registries of other languages, fetched once per list into {@code
 * target/clients}. What cannot be fetched aborts the test that needs it, loudly, and fails it where {@code
 * PUNA_REQUIRE_NATIVE=1} requires that it runs. <b>Threads:</b> one at a time.
 */
public final class ClientPackages {
    private static final Path SOURCES = Path.of("src/test/clients").toAbsolutePath();
    private static final Path FETCHED = Path.of("target/clients").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private ClientPackages() {}

    /** A script that stands beside the lists. */
    public static Path script(String name) {
        return SOURCES.resolve(name);
    }

    /** The folder to name in {@code PYTHONPATH}. */
    public static Path python() throws IOException {
        var folder = FETCHED.resolve("python");
        var list = SOURCES.resolve("requirements.txt");
        fetch(
                folder,
                list,
                List.of("python3", "-m", "pip", "install", "-q", "--upgrade", "--target", ".", "-r", list.toString()));
        return folder;
    }

    /** The folder to name in {@code NODE_PATH}. */
    public static Path javaScript() throws IOException {
        var folder = FETCHED.resolve("js");
        var list = SOURCES.resolve("package.json");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("package.json"), Files.readString(list));
        fetch(folder, list, List.of("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"));
        return folder.resolve("node_modules");
    }

    /** The folder {@code node_modules} of what a folder of ours lists. */
    public static Path javaScript(String name) throws IOException {
        var folder = FETCHED.resolve(name);
        var list = SOURCES.resolve(name).resolve("package.json");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("package.json"), Files.readString(list));
        try {
            fetch(folder, list, List.of("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"));
        } catch (IOException e) {
            throw TestModels.missing("no packages of " + list + ": " + e.getMessage());
        }
        return folder.resolve("node_modules");
    }

    /** The program in the folder {@code go}, built; a machine without Go only aborts the test. */
    public static Path go() throws IOException {
        var program = FETCHED.resolve("check-go");
        Files.createDirectories(FETCHED);
        build(List.of("go", "build", "-mod=readonly", "-o", program.toString(), "."));
        return program;
    }

    /** Lets a test go on only where there is Go, which nothing but tests and images in WebP want. */
    public static void onlyWithGo() {
        try {
            OutsideProgram.run(SOURCES, Map.of(), PATIENCE, List.of("go", "version"));
        } catch (IOException e) {
            System.err.println("SKIPPED TEST: no Go on this machine");
            Assumptions.abort("no Go on this machine");
        }
    }

    private static void build(List<String> command) throws IOException {
        onlyWithGo();
        var built = OutsideProgram.run(SOURCES.resolve("go"), Map.of("GOTOOLCHAIN", "local"), PATIENCE, command);
        if (built.exitCode() != 0) {
            throw TestModels.missing(command + ": " + built.output().strip());
        }
    }

    private static void fetch(Path folder, Path list, List<String> command) throws IOException {
        var wanted = Files.readString(list);
        var stamp = folder.resolve(".fetched");
        if (Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
            return;
        }
        Files.createDirectories(folder);
        var fetched = OutsideProgram.run(folder, Map.of(), PATIENCE, command);
        if (fetched.exitCode() != 0) {
            throw TestModels.missing(command + ": " + fetched.output().strip());
        }
        Files.writeString(stamp, wanted);
    }
}
