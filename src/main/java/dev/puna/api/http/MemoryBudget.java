// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.failure.Cancelled;
import dev.puna.failure.QueueFull;
import dev.puna.settings.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The part of the heap that all requests in flight share, in bytes by estimate.
 *
 * <p>A request enters before its body is read, with room for the body, and waits outside, unread, in the order of arrival while
 * there is none. Once read, it may grow while objects are made of it; of those that need more than they entered with, one at a
 * time does so, and what has not grown yet holds at most half of the budget: so the one that grows only ever waits for requests
 * that will end. Small requests pass those that wait, and have a little room that no other gets. <b>Threads:</b> any; {@link
 * #enter} never waits.
 */
@Singleton
final class MemoryBudget {
    /** What the program itself fills, and a model's vocabulary and templates. */
    private static final long OWN = 48 << 20;

    private static final long SMALLEST = 16 << 20;

    /** Of the heap that is left: the collector wants room, and estimates may be wrong. */
    private static final double PART = 0.6;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A request as small as this goes ahead of those that wait. */
    static final long SMALL = 256 << 10;

    private static final int PART_OF_A_BODY = 8;
    private static final long SMALLEST_LIMIT = 16 << 20;
    private static final long LARGEST_LIMIT = 256 << 20;
    private static final long SMALLEST_STEP = 1 << 20;
    private static final int EXTRA_FOR_SMALL = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Entry> entries = new ArrayDeque<>();
    /** Those that grow; the first of them does, the others wait for it to settle. */
    private final Deque<Share> growing = new ArrayDeque<>();

    private final long total;
    private final int largestBody;
    private final Duration patience;
    private long held;
    private long unsettled;
    private int shortOfRoom;

    /** A request that waits to be read. */
    static final class Entry {
        private final long bytes;
        private final Consumer<Share> admitted;

        private Entry(long bytes, Consumer<Share> admitted) {
            this.bytes = bytes;
            this.admitted = admitted;
        }
    }

    /** That of this process: what the settings say, if the machine gives so much. */
    @Inject
    MemoryBudget(Settings settings) {
        this(Math.min(Runtime.getRuntime().maxMemory(), settings.heapSize()), PATIENCE);
    }

    /**
     * @param heap bytes that the heap may have
     * @param patience how long a request that has been read waits for more
     */
    private MemoryBudget(long heap, Duration patience) {
        this(
                Math.max(SMALLEST, (long) (PART * (heap - OWN))),
                (int) Math.clamp(heap / PART_OF_A_BODY, SMALLEST_LIMIT, LARGEST_LIMIT),
                patience);
    }

    /**
     * @param total bytes that all requests may take together
     * @param largestBody bytes of the longest body that is read
     * @param patience how long a request that has been read waits for more
     */
    MemoryBudget(long total, int largestBody, Duration patience) {
        this.total = total;
        this.largestBody = largestBody;
        this.patience = patience;
    }

    /** Bytes of the longest body that is read: generous for images in base64; what it becomes is counted, too. */
    int largestBody() {
        return largestBody;
    }

    /** Bytes that are taken now. */
    long held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** A share at once, or nothing if there is no room, or others wait for it. */
    Optional<Share> enter(long bytes) {
        requirePossible(bytes);
        lock.lock();
        try {
            var small = bytes <= SMALL && held + bytes <= total + total / EXTRA_FOR_SMALL;
            return small || (entries.isEmpty() && fits(bytes)) ? Optional.of(admit(bytes)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a share, which is handed over on any thread, maybe before this returns. */
    Entry await(long bytes, Consumer<Share> admitted) {
        requirePossible(bytes);
        var entry = new Entry(bytes, admitted);
        lock.lock();
        try {
            entries.add(entry);
        } finally {
            lock.unlock();
        }
        serve();
        return entry;
    }

    /** Gives up waiting; false if the share has been handed over. */
    boolean leave(Entry entry) {
        boolean waited;
        lock.lock();
        try {
            waited = entries.remove(entry);
        } finally {
            lock.unlock();
        }
        serve();
        return waited;
    }

    /**
     * Room for a body of which nobody said how long it is.
     *
     * @throws Cancelled if the share is closed, or is while this waits
     */
    void growUnread(Share share, long bytes) {
        requirePossible(share.bytes + bytes);
        lock.lock();
        try {
            waitFor(share, bytes, () -> unsettled == share.unsettled || unsettled + bytes <= total / 2);
            share.unsettled += bytes;
            unsettled += bytes;
        } finally {
            lock.unlock();
            serve();
        }
    }

    /**
     * Room for what a body becomes.
     *
     * @throws Cancelled if the share is closed, or is while this waits
     */
    void grow(Share share, long bytes) {
        requirePossible(share.bytes + bytes);
        var step = Math.max(bytes, Math.min(SMALLEST_STEP, total - share.bytes));
        lock.lock();
        try {
            // A closed one would never leave its place again, and all behind it would wait.
            if (!share.closed && !growing.contains(share)) {
                growing.add(share);
            }
            waitFor(share, step, () -> growing.peek() == share);
        } finally {
            lock.unlock();
            serve();
        }
    }

    private interface Turn {
        boolean come();
    }

    /** Under the lock, which it lets go of while it waits. */
    private void waitFor(Share share, long bytes, Turn turn) {
        var left = patience.toNanos();
        shortOfRoom++;
        try {
            while (share.closed || !turn.come() || held + bytes > total) {
                if (share.closed) {
                    throw new Cancelled("the client left while its request was read");
                }
                if (left <= 0) {
                    throw busy();
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Cancelled("the server stopped while the request was read");
        } finally {
            shortOfRoom--;
        }
        held += bytes;
        share.hold(bytes);
    }

    /** The request has become what it becomes: what it did not use is given back, and others may grow. */
    void settle(Share share) {
        lock.lock();
        try {
            giveBackUnused(share);
            changed.signalAll();
        } finally {
            lock.unlock();
            serve();
        }
    }

    void close(Share share) {
        lock.lock();
        try {
            giveBackUnused(share);
            share.closed = true;
            held -= share.bytes;
            share.hold(-share.bytes);
            changed.signalAll();
        } finally {
            lock.unlock();
            serve();
        }
    }

    private void giveBackUnused(Share share) {
        growing.remove(share);
        unsettled -= share.unsettled;
        share.unsettled = 0;
        var unused = Math.max(0, share.bytes - share.needed());
        share.hold(-unused);
        held -= unused;
    }

    /** Hands out what there is to those who wait outside, in their order. */
    private void serve() {
        List<Runnable> admissions = new ArrayList<>();
        lock.lock();
        try {
            for (var next = entries.peek(); next != null && fits(next.bytes); next = entries.peek()) {
                var entry = entries.remove();
                var share = admit(entry.bytes);
                admissions.add(() -> entry.admitted.accept(share));
            }
        } finally {
            lock.unlock();
        }
        admissions.forEach(Runnable::run);
    }

    private boolean fits(long bytes) {
        return shortOfRoom == 0 && held + bytes <= total && (unsettled == 0 || unsettled + bytes <= total / 2);
    }

    private Share admit(long bytes) {
        held += bytes;
        unsettled += bytes;
        return new Share(this, bytes);
    }

    private void requirePossible(long bytes) {
        if (bytes > total) {
            throw new BodyTooLarge(bytes, total);
        }
    }

    static QueueFull busy() {
        return new QueueFull("server busy: the memory for requests is in use; try again in a moment");
    }
}
