// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import dev.puna.engine.remote.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes from one thread of a timeline to another, in pieces of any size. */
public final class SimulatedPipe implements Pipe {
    private static final int CAPACITY = 16 * 1024;

    private final Timeline timeline;
    private final Random random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final ByteBuffer content = ByteBuffer.allocate(CAPACITY);
    private boolean closed;

    public SimulatedPipe(Timeline timeline, Random random) {
        this.timeline = timeline;
        this.random = random;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        timeline.maybeYield();
        lock.lock();
        try {
            while (content.position() == 0) {
                if (closed) {
                    return -1;
                }
                change.await();
            }
            content.flip();
            var there = Math.min(length, content.remaining());
            var count = random.nextInt(4) == 0 ? random.nextInt(1, there + 1) : there;
            content.get(into, offset, count);
            content.compact();
            change.signalAll();
            return count;
        } catch (InterruptedException interrupted) {
            throw interruption(interrupted);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(ByteBuffer... parts) throws IOException {
        for (var part : parts) {
            timeline.maybeYield();
            lock.lock();
            try {
                while (part.hasRemaining()) {
                    put(part);
                }
            } catch (InterruptedException interrupted) {
                throw interruption(interrupted);
            } finally {
                lock.unlock();
            }
        }
    }

    private void put(ByteBuffer part) throws IOException, InterruptedException {
        while (!closed && !content.hasRemaining()) {
            change.await();
        }
        if (closed) {
            throw new IOException("closed");
        }
        var count = Math.min(part.remaining(), content.remaining());
        content.put(part.slice(part.position(), count));
        part.position(part.position() + count);
        change.signalAll();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static IOException interruption(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", interrupted);
    }
}
