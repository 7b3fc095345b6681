// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the native owners that are open, so that a test or a metric sees what was forgotten. Thread-safe. */
public final class NativeMemory {
    private static final Map<String, AtomicLong> OPEN = new ConcurrentHashMap<>();

    private NativeMemory() {}

    /** How many owners of each kind are open, for those kinds of which there are any. */
    public static Map<String, Long> live() {
        var live = new TreeMap<String, Long>();
        OPEN.forEach((kind, count) -> {
            if (count.get() != 0) {
                live.put(kind, count.get());
            }
        });
        return live;
    }

    public static long openOwners() {
        return OPEN.values().stream().mapToLong(AtomicLong::get).sum();
    }

    static void opened(String kind) {
        count(kind).incrementAndGet();
    }

    static void closed(String kind) {
        count(kind).decrementAndGet();
    }

    private static AtomicLong count(String kind) {
        return OPEN.computeIfAbsent(kind, ignored -> new AtomicLong());
    }
}
