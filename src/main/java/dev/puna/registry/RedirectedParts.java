// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.registry.UploadState.Range;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The parts that are sent to where a registry has sent on to, several at a time. <b>Threads:</b> one owns it and closes it. */
final class RedirectedParts implements AutoCloseable {
    private final Semaphore turns;
    private final Work work;
    private final List<Thread> workers = new ArrayList<>();
    private volatile @Nullable Exception failed;

    /** Sends one part. */
    interface Work {
        void send(Range range, URI target) throws IOException;
    }

    /**
     * @param most at a time
     */
    RedirectedParts(int most, Work work) {
        turns = new Semaphore(most);
        this.work = work;
    }

    /** Waits until another part may be begun. */
    void awaitTurn() throws IOException, InterruptedException {
        turns.acquire();
        turns.release();
        rethrow();
    }

    /** Begins to send a part. */
    void begin(Range range, URI target) {
        turns.acquireUninterruptibly();
        workers.add(Thread.ofVirtual().name("push-part-" + range.part()).start(() -> {
            try {
                work.send(range, target);
            } catch (IOException | RuntimeException e) {
                failed = e;
            } finally {
                turns.release();
            }
        }));
    }

    /** Waits until all parts are there. */
    void await() throws IOException, InterruptedException {
        for (var worker : workers) {
            worker.join();
        }
        rethrow();
    }

    private void rethrow() throws IOException {
        switch (failed) {
            case null -> {}
            case RuntimeException unchecked -> throw unchecked;
            case Exception other -> throw new IOException(other.getMessage(), other);
        }
    }

    /** Ends what is not done, and waits until it has ended. */
    @Override
    public void close() {
        workers.forEach(Thread::interrupt);
        var interrupted = false;
        for (var worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
