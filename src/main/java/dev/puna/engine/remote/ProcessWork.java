// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has done and does, as Linux tells of it ({@code proc_pid_stat(5)}).
 *
 * @param folder of the process in {@code /proc}
 */
record ProcessWork(Path folder) {
    /** Fields behind the name, which is in brackets: the state, pages that had to be read from a disk, time in user and kernel mode. */
    private static final int STATE = 0;

    private static final int PAGES = 9;
    private static final int USER = 11;
    private static final int KERNEL = 12;

    static ProcessWork of(long pid) {
        return new ProcessWork(Path.of("/proc", Long.toString(pid)));
    }

    /** Hundredths of a second of processor time and pages read, of all its threads since its start; -1 if that is not known. */
    long done() {
        try {
            var fields = fields(folder);
            return Long.parseLong(fields[PAGES]) + Long.parseLong(fields[USER]) + Long.parseLong(fields[KERNEL]);
        } catch (IOException | RuntimeException _) {
            return -1;
        }
    }

    /** Whether one of its threads would go on if it had the processor, or waits for a disk; so, if that is not known. */
    boolean isBusy() {
        try (var threads = Files.newDirectoryStream(folder.resolve("task"))) {
            for (var thread : threads) {
                if ("RD".contains(fields(thread)[STATE])) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException _) {
            return true;
        }
    }

    private static String[] fields(Path folder) throws IOException {
        var text = Files.readString(folder.resolve("stat"));
        return text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    }
}
