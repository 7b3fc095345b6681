// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that starts all children, reads what they write and learns of their ends. It never ends, since the kernel kills a
 * child when the thread that started it does.
 */
final class ChildWatch {
    private static final Logger LOG = Logger.getLogger(ChildWatch.class);

    private static final int READ_AT_ONCE = 16 * 1024;

    /** Of the output of a child that has ended; whoever else has its pipe may go on writing. */
    private static final int READ_AT_THE_END = 1 << 20;

    /** Milliseconds between two looks at children whose end the kernel does not tell (before Linux 5.3). */
    private static final int LOOK_AGAIN = 100;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

    private static @Nullable ChildWatch made;

    private final int bell;
    private final Queue<FutureTask<ChildProcess>> orders = new ConcurrentLinkedQueue<>();
    private final List<ChildProcess> children = new ArrayList<>();
    private final PollSet polled = new PollSet();
    private final MemorySegment read = Arena.ofAuto().allocate(READ_AT_ONCE);
    private final byte[] bytes = new byte[READ_AT_ONCE];
    private final Thread thread;

    private ChildWatch() throws IOException {
        bell = SystemError.check(ProcessLibrary.functions().bell(), "make an eventfd");
        thread = Thread.ofPlatform().name("puna-children").daemon().start(this::watch);
    }

    /** The one of this process; made with the first child. */
    static synchronized ChildWatch get() throws IOException {
        var present = made;
        if (present == null) {
            present = new ChildWatch();
            made = present;
        }
        return present;
    }

    /** Starts a child and waits until it has begun. */
    ChildProcess start(ChildPlan plan, Consumer<String> log) throws IOException {
        var order = new FutureTask<>(() -> begin(plan, log));
        if (Thread.currentThread() == thread) {
            order.run();
        } else {
            orders.add(order);
            ProcessLibrary.functions().ring(bell);
        }
        return result(order);
    }

    /** A start takes milliseconds and cannot be taken back, so an interruption is kept for later. */
    private static ChildProcess result(FutureTask<ChildProcess> order) throws IOException {
        var interrupted = false;
        try {
            while (true) {
                try {
                    return order.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof IOException known
                            ? new IOException(known.getMessage(), known)
                            : new IOException("cannot start a child: " + e.getCause(), e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ChildProcess begin(ChildPlan plan, Consumer<String> log) throws IOException {
        var child = new ChildProcess(plan.spawn(), new ChildOutput(log));
        children.add(child);
        return child;
    }

    private void watch() {
        while (true) {
            try {
                look();
            } catch (Throwable e) { // also an error: without this thread every child would be killed
                LOG.error("children.watch failed", e);
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
        }
    }

    private void look() throws IOException {
        polled.clear();
        polled.add(bell);
        for (var child : children) {
            polled.add(child.output().isOpen() ? child.handle().output() : PollSet.NOTHING);
            polled.add(child.handle().identity());
        }
        var untold = children.stream().anyMatch(child -> child.handle().identity() < 0);
        polled.await(untold ? LOOK_AGAIN : PollSet.FOREVER);
        if (polled.isReady(0)) {
            ProcessLibrary.functions().read(bell, read, Long.BYTES);
        }
        var ended = new ArrayList<ChildProcess>();
        for (var i = 0; i < children.size(); i++) {
            var child = children.get(i);
            if (polled.isReady(2 * i + 1)) {
                read(child);
            }
            if (child.handle().identity() < 0 || polled.isReady(2 * i + 2)) {
                ended.add(child);
            }
        }
        ended.forEach(this::bury);
        for (var order = orders.poll(); order != null; order = orders.poll()) {
            order.run();
        }
    }

    /** Reads once; false if there is nothing now. */
    private boolean read(ChildProcess child) {
        var count = (int) ProcessLibrary.functions().read(child.handle().output(), read, READ_AT_ONCE);
        if (count == -SystemError.EAGAIN) {
            return false;
        }
        if (count <= 0) {
            child.output().end();
            return false;
        }
        MemorySegment.copy(read, JAVA_BYTE, 0, bytes, 0, count);
        child.output().write(bytes, count);
        return true;
    }

    private void bury(ChildProcess child) {
        child.handle().reap().ifPresent(status -> {
            for (var left = READ_AT_THE_END;
                    left > 0 && child.output().isOpen() && read(child);
                    left -= READ_AT_ONCE) {}
            child.output().end();
            child.handle().close();
            children.remove(child);
            child.exit().complete(status);
        });
    }
}
