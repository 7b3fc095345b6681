// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import java.util.Locale;

/**
 * Memory that a model is expected to take.
 *
 * @param host bytes of the system's memory
 * @param devices bytes on devices with memory of their own
 */
record MemoryNeed(long host, long devices) {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    long total() {
        return host + devices;
    }

    /** Bytes as people read them, "3.4 GiB", in the words of the wire contract. */
    static String text(long bytes) {
        if (bytes >= GIB) {
            return decimal(bytes, GIB) + " GiB";
        }
        if (bytes >= MIB) {
            return decimal(bytes, MIB) + " MiB";
        }
        return bytes >= KIB ? decimal(bytes, KIB) + " KiB" : bytes + " B";
    }

    private static String decimal(long bytes, long unit) {
        return String.format(Locale.ROOT, "%.1f", (double) bytes / unit);
    }
}
