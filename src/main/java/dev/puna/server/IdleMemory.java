// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.memory.ProcessMemory;
import dev.puna.scheduling.Occupancy;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Gives memory back while nothing goes on: soon after a start, and once a minute, since requests that need no model leave
 * something behind, too. What a model leaves is given back when it goes.
 */
final class IdleMemory {
    /** From listening until a start has done all that it does behind. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private final Supplier<Occupancy> occupancy;

    /**
     * @param occupancy asks the scheduler; returns as soon as it can answer
     */
    IdleMemory(Supplier<Occupancy> occupancy) {
        this.occupancy = occupancy;
    }

    /** Begins, on a thread of its own that lasts as long as the process. */
    void watch() {
        Thread.ofVirtual().name("idle-memory").start(this::run);
    }

    private void run() {
        try {
            Thread.sleep(SETTLED);
            while (true) {
                giveBackIfIdle(ProcessMemory::giveBack);
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    void giveBackIfIdle(Runnable giveBack) {
        var now = occupancy.get();
        if (now.loaded() == 0 && now.active() == 0 && now.waiting() == 0) {
            giveBack.run();
        }
    }
}
