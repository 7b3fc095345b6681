// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * How many threads of other programs run or want to run right now. Sources: the fourth number of {@code /proc/loadavg} counts
 * those of all programs, {@code /proc/self/task/…/stat} tells which are our own (Linux: proc(5)).
 *
 * <p>One look catches whatever happens to run for a microsecond; the smallest number of a few looks is what runs all the
 * time.
 */
final class BusyThreads {
    private static final int LOOKS = 4;
    private static final long BETWEEN_LOOKS_MILLIS = 2;
    private static final Pattern RUNNING = Pattern.compile("\\S+ \\S+ \\S+ (\\d{1,6})/.*");
    private static final Pattern RUNNABLE_THREAD = Pattern.compile("(?s).*\\) R .*");

    private BusyThreads() {}

    /** At least 0; 0 where the system does not tell. */
    static int elsewhere(Path root) {
        var fewest = look(root);
        try {
            for (var look = 1; look < LOOKS && fewest > 0; look++) {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
                fewest = Math.min(fewest, look(root));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return fewest;
    }

    private static int look(Path root) {
        var running =
                RUNNING.matcher(KernelFiles.read(root.resolve("proc/loadavg")).orElse(""));
        return running.matches() ? Math.max(0, Integer.parseInt(running.group(1)) - own(root)) : 0;
    }

    /** This thread is one of them. */
    private static int own(Path root) {
        var runnable = 0;
        try (var threads = Files.newDirectoryStream(root.resolve("proc/self/task"))) {
            for (var thread : threads) {
                var state = KernelFiles.read(thread.resolve("stat")).orElse("");
                runnable += RUNNABLE_THREAD.matcher(state).matches() ? 1 : 0;
            }
        } catch (IOException | DirectoryIteratorException _) {
            // elsewhere than on Linux
        }
        return Math.max(1, runnable);
    }
}
