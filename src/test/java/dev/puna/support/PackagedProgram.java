// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program as the build left it, started through the launcher at the root of the tree, each time as a process of its
 * own with a home folder of its own.
 *
 * <p>The launcher is told not to build: the build that runs the tests has just done so. Standard output and error go to
 * files, so that a process which prints much never waits for its reader.
 */
public final class PackagedProgram {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private Path launcher = Path.of("puna").toAbsolutePath();
    private List<String> starter = List.of();
    private Path directory = Path.of("").toAbsolutePath();

    public PackagedProgram(Path home) {
        this.home = requireNonNull(home, "home is null");
        environment.put("HOME", home.toString());
        environment.put("PUNA_BUILD", "never");
    }

    public PackagedProgram with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Starts the launcher by another name, a link to it. */
    public PackagedProgram by(Path link) {
        launcher = link;
        return this;
    }

    public PackagedProgram from(Path workingDirectory) {
        directory = workingDirectory;
        return this;
    }

    /** Has another program start it, which gets the launcher and its arguments as the last of its own. */
    public PackagedProgram through(List<String> command) {
        starter = List.copyOf(command);
        return this;
    }

    /** Runs one command to its end. */
    public Ended run(String... arguments) {
        return runReading("", arguments);
    }

    /** Runs one command to its end with a text on its standard input. */
    public Ended runReading(String input, String... arguments) {
        var running = start(Redirect.PIPE, arguments);
        try (var stdin = running.process.outputWriter()) {
            stdin.write(input);
        } catch (IOException e) {
            // The command ended without reading all of it, as it may.
        }
        return running.end();
    }

    /** Starts a command, with nothing on its standard input, and leaves it running. */
    public Running start(String... arguments) {
        return start(Redirect.from(new File("/dev/null")), arguments);
    }

    private Running start(Redirect input, String... arguments) {
        try {
            var output = Files.createTempFile(home, "out", ".txt");
            var errors = Files.createTempFile(home, "err", ".txt");
            var builder = new ProcessBuilder(
                            Stream.of(starter.stream(), Stream.of(launcher.toString()), Stream.of(arguments))
                                    .flatMap(words -> words)
                                    .toList())
                    .directory(directory.toFile())
                    .redirectInput(input)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().keySet().removeIf(PackagedProgram::steersPuna);
            builder.environment().putAll(environment);
            return new Running(builder.start(), output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException("the launcher " + launcher + " could not be started", e);
        }
    }

    /** What the caller's own shell says to Puna is not for the test. */
    private static boolean steersPuna(String variable) {
        var libraries = List.of("PUNA_NATIVE_LIBS", "PUNA_JAVA_HOME").contains(variable);
        return !libraries && (variable.startsWith("PUNA_") || variable.startsWith("OLLAMA_"));
    }

    /** What a command left. */
    public record Ended(int exitCode, String output, String errors) {}

    /** A process that may still run; closing it ends it. */
    public static final class Running implements AutoCloseable {
        private final Process process;
        private final Path output;
        private final Path errors;

        private Running(Process process, Path output, Path errors) {
            this.process = process;
            this.output = output;
            this.errors = errors;
        }

        public boolean isAlive() {
            return process.isAlive();
        }

        /** Bytes of memory that it holds now, all that it shares with others included; Linux alone tells. */
        public long residentBytes() throws IOException {
            try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                return lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                        .findFirst()
                        .orElseThrow();
            }
        }

        /** Whether it runs on a JVM, not as an executable of its own. */
        public boolean isOnJvm() {
            return process.info().command().orElse("").endsWith("/java");
        }

        /** Its number at the system. */
        public long pid() {
            return process.pid();
        }

        /** The processes that it has started and that have not ended. */
        public List<ProcessHandle> children() {
            return process.children().toList();
        }

        /** What it has written to standard error up to now. */
        public String errors() {
            return read(errors);
        }

        /** Sends it a signal by its name, like {@code INT}. */
        public void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }

        /** Asks it to stop (SIGTERM) and waits until it has. */
        public Ended stop() {
            process.destroy();
            return end();
        }

        /** Waits until it ends by itself. */
        public Ended end() {
            try {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("still running after " + PATIENCE.toSeconds() + " s: " + read(errors));
                }
                return new Ended(process.exitValue(), read(output), read(errors));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for a process", e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
