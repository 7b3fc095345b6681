// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The memory that the machine has or, if that is less, a control group leaves this process. Reads small files of the kernel. */
public final class MachineMemory {
    private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d+) kB$");

    private MachineMemory() {}

    /** Bytes of this machine; 0 where the system does not tell. */
    public static long bytes() {
        return bytes(Path.of("/"));
    }

    /**
     * @param root of the file system to read
     */
    static long bytes(Path root) {
        var machine = KernelFiles.read(root.resolve("proc/meminfo"))
                .map(TOTAL::matcher)
                .filter(found -> found.find())
                .map(found -> Long.parseLong(found.group(1)) << 10);
        var groups = KernelFiles.controlGroups(root, "memory")
                .flatMap(folder ->
                        Stream.of("memory.max", "memory.limit_in_bytes").map(folder::resolve))
                .flatMap(file -> KernelFiles.read(file).stream())
                .flatMap(text -> KernelFiles.number(text).stream());
        return Stream.concat(machine.stream(), groups).min(Long::compare).orElse(0L);
    }
}
