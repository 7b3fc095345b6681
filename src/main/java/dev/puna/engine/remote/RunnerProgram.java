// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.prefix.PrefixFolder;
import dev.puna.process.ChildCommand;
import dev.puna.sandbox.SandboxRules;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is run as the process of a model.
 *
 * @param arguments the program and its arguments
 * @param environment variables of this process; those that a model has no business to know are left out
 * @param nativeLibraries the folder with the libraries that it computes with
 * @param driverCaches in which drivers of graphics cards keep what they compile, a folder for each model; empty for nowhere
 * @param java what a JVM needs to read; empty for a native executable
 */
public record RunnerProgram(
        List<String> arguments,
        Map<String, String> environment,
        Path nativeLibraries,
        Optional<Path> driverCaches,
        Optional<Jvm> java) {
    /** Parts of names of variables whose values are nobody else's. */
    private static final List<String> SECRETS =
            List.of("TOKEN", "SECRET", "PASSWORD", "PASSWD", "API_KEY", "CREDENTIAL", "COOKIE", "PRIVATE_KEY");

    /** Of this process: whom to notify, what to listen on, whom to connect by. */
    private static final List<String> OWN = List.of("NOTIFY_SOCKET", "WATCHDOG_", "LISTEN_", "DOCKER_CONFIG", "SSH_");

    public RunnerProgram {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        requireNonNull(nativeLibraries, "nativeLibraries is null");
        requireNonNull(driverCaches, "driverCaches is null");
        requireNonNull(java, "java is null");
    }

    /**
     * A JVM that runs it.
     *
     * @param home of the JVM
     * @param classPath files and folders that it loads classes from
     */
    public record Jvm(Path home, List<Path> classPath) {
        public Jvm {
            classPath = List.copyOf(classPath);
        }
    }

    /**
     * @param driverCache the folder in which drivers may keep what they compile
     * @param prefixes the folder in which it may keep beginnings of prompts
     */
    ChildCommand command(Optional<Path> driverCache, Optional<PrefixFolder> prefixes) {
        var handed = new HashMap<>(environment);
        handed.keySet().removeIf(RunnerProgram::isPrivate);
        driverCache.map(DriverCaches::environment).ifPresent(handed::putAll);
        prefixes.map(PrefixFolder::environment).ifPresent(handed::putAll);
        handed.put("PUNA_NATIVE_LIBS", nativeLibraries.toString());
        return new ChildCommand(arguments, handed);
    }

    /**
     * For one that computes with a model, or, if there is a file to write, makes one.
     *
     * @param folders in which it may keep something
     */
    SandboxRules rules(Collection<Path> readable, Optional<Path> written, Collection<Path> folders) {
        var program = Path.of(arguments.getFirst());
        var rules = written.map(file -> SandboxRules.forWeights(program, nativeLibraries, readable, folderOf(file)))
                .orElseGet(() -> SandboxRules.forModel(program, nativeLibraries, readable))
                .writing(folders);
        return java.map(jvm -> rules.on(jvm.home(), jvm.classPath())).orElse(rules);
    }

    private static Path folderOf(Path file) {
        return requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
    }

    private static boolean isPrivate(String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        return SECRETS.stream().anyMatch(upper::contains)
                || upper.endsWith("_PROXY")
                || OWN.stream().anyMatch(upper::startsWith);
    }
}
