// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of a megabyte or so, mounted on a folder of a test until it is closed. Where the user may not mount, the
 * test that asks for one is aborted, with a line on standard error.
 */
public final class SmallDisk implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    public static SmallDisk mountedOn(Path folder, int kilobytes) {
        if (run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", folder.toString()) != 0) {
            var reason = "this user may not mount a file system";
            System.err.println("SKIPPED DISK TEST: " + reason);
            Assumptions.abort(reason);
        }
        return new SmallDisk(folder);
    }

    public void makeReadOnly() {
        require("mount", "-o", "remount,ro", folder.toString());
    }

    @Override
    public void close() {
        require("umount", folder.toString());
    }

    private static void require(String... command) {
        if (run(command) != 0) {
            throw new AssertionError(String.join(" ", command) + " failed");
        }
    }

    private static int run(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
