// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

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

    /** The same where there may be no bound. */
    static final String ACCEPTED_OR_NONE = ACCEPTED + ", or 0 for no limit";

    /** The same of what may be small. */
    static final String ACCEPTED_ANY = "a size such as 512m or 2g, or 0 for none";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmMgG]?)");

    private HeapSize() {}

    /** Bytes for a process on this machine where nobody says. */
    static long usual() {
        return usual(Path.of("/"));
    }

    /**
     * @param root of the file system to read
     */
    static long usual(Path root) {
        return Math.clamp(MachineMemory.bytes(root) / PART, SMALLEST_USUAL, LARGEST_USUAL);
    }

    /**
     * Bytes of a size as Java's own options have it.
     *
     * @throws IllegalArgumentException if it is none, or too small to serve with
     */
    static long parse(String text) {
        var bytes = bytes(text);
        if (bytes < SMALLEST) {
            throw new IllegalArgumentException(text);
        }
        return bytes;
    }

    /**
     * As {@link #parse}, or 0.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static long parseOrNone(String text) {
        return text.equals("0") ? 0 : parse(text);
    }

    /**
     * Bytes of a size of any number.
     *
     * @throws IllegalArgumentException if it is none
     */
    static long bytes(String text) {
        var size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(text);
        }
        var unit = size.group(2).toLowerCase(Locale.ROOT);
        var shift = unit.isEmpty() ? 0 : 10 * ("kmg".indexOf(unit) + 1);
        var bytes = Long.parseLong(size.group(1)) << shift;
        if (bytes < 0 || bytes >> shift != Long.parseLong(size.group(1))) {
            throw new IllegalArgumentException(text);
        }
        return bytes;
    }
}
