// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.settings.KernelFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the system can give without swapping: {@code MemAvailable} (Linux: {@code Documentation/filesystems/proc.rst}), or
 * less where a control group, version 1 or 2, sets a limit. Pages of files count as available. A system that does not tell
 * sets no limit.
 */
public final class HostMemory {
    private static final long KIB = 1024;

    private final Path root;

    /**
     * @param root of the file system to read
     */
    HostMemory(Path root) {
        this.root = root;
    }

    /** The memory of this machine. */
    public static HostMemory ofThisMachine() {
        return new HostMemory(Path.of("/"));
    }

    /** Available memory in bytes; reads small files of the kernel, no disk. */
    public long available() {
        var system = value(root.resolve("proc/meminfo"), "MemAvailable:").orElse(Long.MAX_VALUE / KIB) * KIB;
        var group = KernelFiles.controlGroups(root, "memory")
                .flatMap(folder -> Stream.concat(
                        left(folder, "memory.max", "memory.current", ""),
                        left(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_")))
                .min(Long::compare);
        return Math.max(0, Math.min(system, group.orElse(Long.MAX_VALUE)));
    }

    /** The limit minus the memory in use, of which cached pages of files do not count, since the kernel gives them back on demand. */
    private static Stream<Long> left(Path group, String limitName, String usageName, String prefix) {
        var limit = KernelFiles.read(group.resolve(limitName)).flatMap(KernelFiles::number);
        var usage = KernelFiles.read(group.resolve(usageName)).flatMap(KernelFiles::number);
        if (limit.isEmpty() || usage.isEmpty()) {
            return Stream.empty();
        }
        var statistics = group.resolve("memory.stat");
        var files = value(statistics, prefix + "inactive_file").orElse(0L)
                + value(statistics, prefix + "active_file").orElse(0L);
        return Stream.of(limit.get() - Math.max(0, usage.get() - files));
    }

    /** The first number behind a name that begins a line. */
    private static Optional<Long> value(Path file, String name) {
        return KernelFiles.read(file).stream()
                .flatMap(String::lines)
                .map(line -> line.split("\\s+"))
                .filter(words -> words.length > 1 && words[0].equals(name))
                .map(words -> words[1])
                .findFirst()
                .flatMap(KernelFiles::number);
    }
}
