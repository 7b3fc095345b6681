// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

/** Lets so many bytes a second through, of all who share it. <b>Threads:</b> any. */
final class RateLimit {
    private static final long SECOND = 1_000_000_000;

    private final long bytesPerSecond;
    /** When what was let through is paid for, by {@link System#nanoTime}. */
    private long paid = System.nanoTime();

    /**
     * @param bytesPerSecond 0 for no limit
     */
    RateLimit(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Waits until these bytes, which have come, are within the limit. */
    void passed(int bytes) throws InterruptedException {
        if (bytesPerSecond == 0) {
            return;
        }
        long wait;
        synchronized (this) {
            var now = System.nanoTime();
            paid = Math.max(paid, now) + (long) ((double) bytes / bytesPerSecond * SECOND);
            wait = paid - now;
        }
        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
    }
}
