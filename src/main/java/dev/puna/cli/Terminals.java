// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Which of the standard streams is a terminal.
 *
 * @param input of standard input
 * @param output of standard output
 * @param error of standard error
 */
public record Terminals(boolean input, boolean output, boolean error) {
    public static final Terminals NONE = new Terminals(false, false, false);

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final List<String> DEVICES = List.of("/dev/pts/", "/dev/tty", "/dev/console");
    private static final int USUAL_COLUMNS = 80;

    /** Asked of the kernel where it tells by file, else of Java, which knows only about all of them together. */
    static Terminals ofThisProcess() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            var all = Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isPresent();
            return new Terminals(all, all, all);
        }
        return new Terminals(isTerminal(0), isTerminal(1), isTerminal(2));
    }

    /** Width of the terminal that this process belongs to, as {@code stty} tells it. */
    static int columns() {
        try {
            var stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var reader = stty.inputReader()) {
                var line = reader.readLine();
                var known = stty.waitFor(1, TimeUnit.SECONDS) && line != null && line.matches("\\d{1,5} [1-9]\\d{0,4}");
                return known ? Integer.parseInt(line.substring(line.indexOf(' ') + 1)) : USUAL_COLUMNS;
            }
        } catch (IOException _) {
            return USUAL_COLUMNS;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return USUAL_COLUMNS;
        }
    }

    private static boolean isTerminal(int descriptor) {
        try {
            var file = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)))
                    .toString();
            return DEVICES.stream().anyMatch(file::startsWith);
        } catch (IOException _) {
            return false;
        }
    }
}
