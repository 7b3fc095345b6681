// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Memory that a model takes, or is expected to.
 *
 * @param host bytes of the system's memory, beside those of {@code byDevice}
 * @param byDevice bytes on each GPU that is used, by its name
 */
public record MemoryRequirement(long host, Map<String, Long> byDevice) {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** Copies the map. */
    public MemoryRequirement {
        byDevice = Collections.unmodifiableMap(new LinkedHashMap<>(byDevice));
    }

    /** Bytes on all GPUs together. */
    public long devices() {
        return byDevice.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Bytes of the system and of all GPUs. */
    public long total() {
        return host + devices();
    }

    /** Bytes as people read them, "3.4 GiB", in the words of the wire contract. */
    public static String text(long bytes) {
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
