// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The C compiler of this machine, for tests that ask it something or need a library of their own. */
public final class CCompiler {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final List<String> includes = new ArrayList<>();

    private CCompiler(Path folder) {
        this.folder = folder;
    }

    /** Works in a folder that the test owns. */
    public static CCompiler in(Path folder) {
        return new CCompiler(folder);
    }

    /** Adds the headers that the bindings are made from: the pinned llama.cpp's, ours, and native.h. */
    public CCompiler withLlamaHeaders() {
        var root = Path.of("").toAbsolutePath();
        var source = Path.of(output(List.of(root.resolve("native-libs/prepare").toString(), "--source"))
                .strip());
        Stream.of(
                        source.resolve("include"),
                        source.resolve("ggml/include"),
                        root.resolve("native-libs/shim"),
                        root.resolve("native-libs/media"),
                        root.resolve("jextract"))
                .forEach(include -> includes.add("-I" + include));
        return this;
    }

    /** Compiles a program and runs it; gives what it prints. */
    public String run(String program) {
        var binary = folder.resolve("program");
        compile(program, binary);
        return output(List.of(binary.toString()));
    }

    /** Compiles a program. */
    public Path program(String source, String name) {
        var program = folder.resolve(name);
        compile(source, program);
        return program;
    }

    /** Compiles a shared library. */
    public Path library(String source, String name, String... options) {
        var library = folder.resolve(name);
        compile(
                source,
                library,
                Stream.concat(Stream.of("-shared", "-fPIC", "-Wl,-soname," + name), Arrays.stream(options))
                        .toArray(String[]::new));
        return library;
    }

    private void compile(String source, Path result, String... options) {
        var file = folder.resolve(result.getFileName() + ".c");
        try {
            Files.writeString(file, source);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be written", e);
        }
        var command = new ArrayList<>(List.of("cc", "-o", result.toString(), file.toString()));
        command.addAll(includes);
        command.addAll(List.of(options));
        output(command);
    }

    private static String output(List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw TestModels.missing(command.getFirst() + " cannot be run: " + e.getMessage());
        }
        try (var out = process.getInputStream()) {
            var text = new String(out.readAllBytes(), UTF_8);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed: " + text);
            }
            return text;
        } catch (IOException e) {
            throw new AssertionError(String.join(" ", command) + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
