// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How large the heap of a server may become: what {@code PUNA_HEAP} says, else a sixteenth of the memory that the machine has or a
 * control group leaves it, from 256 MiB to 1 GiB. It is taken as requests need it; models are not in it. The launcher knows the
 * same rule for the JVM form ({@code .mvn/program.sh}).
 */
final class HeapSize {
    private static final long MIB = 1 << 20;
    private static final long SMALLEST = 64 * MIB;
    private static final long SMALLEST_USUAL = 256 * MIB;
    private static final long LARGEST_USUAL = 1024 * MIB;
    private static final int PART = 16;
    /** What a value of the setting must be, for who wrote another. */
    static final String ACCEPTED = "a size of 64m or more, such as 512m or 2g";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmMgG]?)");
    private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal:\\s+(\\d+) kB$");

    private HeapSize() {}

    /** Bytes for a process on this machine where nobody says. */
    static long usual() {
        return usual(Path.of("/"));
    }

    /**
     * @param root of the file system to read
     */
    static long usual(Path root) {
        return Math.clamp(memory(root) / PART, SMALLEST_USUAL, LARGEST_USUAL);
    }

    /**
     * Bytes of a size as Java's own options have it.
     *
     * @throws IllegalArgumentException if it is none, or too small to serve with
     */
    static long parse(String text) {
        var size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(text);
        }
        var unit = size.group(2).toLowerCase(Locale.ROOT);
        var shift = unit.isEmpty() ? 0 : 10 * ("kmg".indexOf(unit) + 1);
        var bytes = Long.parseLong(size.group(1)) << shift;
        if (bytes < SMALLEST || bytes >> shift != Long.parseLong(size.group(1))) {
            throw new IllegalArgumentException(text);
        }
        return bytes;
    }

    private static long memory(Path root) {
        var machine = KernelFiles.read(root.resolve("proc/meminfo"))
                .map(MEMORY::matcher)
                .filter(found -> found.find())
                .map(found -> Long.parseLong(found.group(1)) << 10);
        var groups = KernelFiles.controlGroups(root, "memory")
                .flatMap(folder ->
                        Stream.of("memory.max", "memory.limit_in_bytes").map(folder::resolve))
                .flatMap(file -> KernelFiles.read(file).stream())
                .flatMap(text -> number(text).stream());
        return Stream.concat(machine.stream(), groups).min(Long::compare).orElse(0L);
    }

    /** "max" is no number, and means no limit. */
    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
