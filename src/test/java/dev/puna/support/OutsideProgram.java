// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of this machine that is not ours, run to its end within a bound, with nothing on its standard input. */
public final class OutsideProgram {
    private OutsideProgram() {}

    /**
     * What it left.
     *
     * @param output of both streams, as they came
     */
    public record Outcome(int exitCode, String output) {}

    /**
     * Runs it.
     *
     * @param environment is added to this process's own
     * @throws IOException if there is no such program, or if it does not end in time; then it is ended
     */
    public static Outcome run(Path directory, Map<String, String> environment, Duration bound, List<String> command)
            throws IOException {
        var output = Files.createTempFile("outside", ".txt");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("OLLAMA_"));
            builder.environment().putAll(environment);
            var process = builder.start();
            if (!ends(process, bound)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException(command + " has not ended in " + bound + ": " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    private static boolean ends(Process process, Duration bound) throws IOException {
        try {
            return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a program ran", e);
        }
    }
}
