// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A control group (version 2) for the process of each model, beside that of this server, which bounds all memory that the kernel counts for
 * it: also what drivers take, and files that it maps. Made only where whoever started the server has put it into a group of the name
 * {@value #SERVER} and so said that the one around it is the server's to divide. Any thread.
 */
public final class MemoryGroups {
    /** The server's own group, as {@code DelegateSubgroup=} of systemd is to name it. */
    static final String SERVER = "puna-server";

    private static final String MODEL = "puna-model-";

    private final Path folder;
    private final AtomicInteger made = new AtomicInteger();

    private MemoryGroups(Path folder) {
        this.folder = folder;
    }

    /**
     * Those around the first of some groups that is a server's.
     *
     * @param own the folders of the groups of this process
     * @return empty if there is none, or memory is not to be divided there
     */
    public static Optional<MemoryGroups> among(Stream<Path> own) {
        return own.filter(group -> group.endsWith(SERVER))
                .map(Path::getParent)
                .filter(MemoryGroups::canDivide)
                .findFirst()
                .map(MemoryGroups::new);
    }

    private static boolean canDivide(Path folder) {
        try {
            var controllers = Files.readString(folder.resolve("cgroup.controllers"));
            return List.of(controllers.strip().split(" ")).contains("memory") && Files.isWritable(folder);
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * Has memory divided, and removes what a server that was killed has left.
     *
     * @throws IOException if the system refuses that
     */
    void begin() throws IOException {
        Files.writeString(folder.resolve("cgroup.subtree_control"), "+memory");
        try (var old = Files.newDirectoryStream(folder, MODEL + "*")) {
            old.forEach(MemoryGroups::remove);
        } catch (DirectoryIteratorException refused) {
            throw refused.getCause();
        }
    }

    /**
     * Puts a process into a group of its own.
     *
     * @param bytes that it may have
     * @throws IOException if the system refuses that; then it is where it was
     */
    Group hold(long pid, long bytes) throws IOException {
        var group = new Group(folder.resolve(MODEL + ProcessHandle.current().pid() + "-" + made.incrementAndGet()));
        try {
            Files.createDirectory(group.folder);
            Files.writeString(group.folder.resolve("memory.max"), Long.toString(bytes));
            Files.writeString(group.folder.resolve("cgroup.procs"), Long.toString(pid));
            return group;
        } catch (IOException refused) {
            remove(group.folder);
            throw refused;
        }
    }

    /** One with a process in it stays. */
    private static void remove(Path group) {
        try {
            Files.deleteIfExists(group);
        } catch (IOException _) {
            // It is empty of processes when the next server starts, or is somebody else's.
        }
    }

    /** The group of one process, to be closed when that has ended. */
    record Group(Path folder) implements AutoCloseable {
        /** Whether the kernel has ended its process for want of memory, of the group or of all. */
        boolean hasKilled() {
            try (var lines = Files.lines(folder.resolve("memory.events"))) {
                return lines.anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
            } catch (IOException _) {
                return false;
            }
        }

        @Override
        public void close() {
            remove(folder);
        }
    }
}
