// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds an Ollama that runs on this machine and may use the same folder of models: it locks nothing, so what it is about to
 * need is not known. Where the system lets its environment be read, one that uses another folder does not count.
 */
final class OtherServers {
    private static final Pattern OLLAMA = Pattern.compile("(^|[/\\\\])ollama(\\.exe)?$");
    private static final String MODELS = "OLLAMA_MODELS=";
    private static final String HOME = "HOME=";

    private OtherServers() {}

    /** The process of one that may use the folder, if any does. */
    static Optional<Long> of(Path models) {
        return ProcessHandle.allProcesses()
                .filter(OtherServers::isOllama)
                .map(ProcessHandle::pid)
                .filter(process ->
                        folder(process).map(folder -> same(folder, models)).orElse(true))
                .findFirst();
    }

    private static boolean isOllama(ProcessHandle process) {
        var info = process.info();
        // Of processes of other users only the command line can be seen.
        return info.command()
                .or(() -> info.commandLine().map(line -> line.replaceFirst(" .*", "")))
                .filter(program -> OLLAMA.matcher(program).find())
                .isPresent();
    }

    /** The folder that a process keeps its models in, where that can be known. */
    private static Optional<Path> folder(long process) {
        try {
            var environment = Files.readString(
                            Path.of("/proc", Long.toString(process), "environ"), StandardCharsets.ISO_8859_1)
                    .split("\0");
            return value(environment, MODELS).map(Path::of).or(() -> value(environment, HOME)
                    .map(home -> Path.of(home, ".ollama", "models")));
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> value(String[] environment, String variable) {
        return Arrays.stream(environment)
                .filter(entry -> entry.startsWith(variable) && entry.length() > variable.length())
                .map(entry -> entry.substring(variable.length()))
                .findFirst();
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException _) {
            return false;
        }
    }
}
