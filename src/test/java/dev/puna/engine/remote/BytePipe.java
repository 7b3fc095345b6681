// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes from one thread to another, as many as fit; both ends end when it is closed. */
final class BytePipe implements Pipe {
    private static final int CAPACITY = 256 * 1024;
    private static final long LONGEST_WAIT = 10_000;

    private final ByteBuffer content = ByteBuffer.allocate(CAPACITY);
    private boolean closed;

    @Override
    public synchronized int read(byte[] into, int offset, int length) throws IOException {
        try {
            return taken(into, offset, length);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private synchronized int taken(byte[] into, int offset, int length) throws InterruptedException {
        while (content.position() == 0) {
            if (closed) {
                return -1;
            }
            wait(LONGEST_WAIT);
        }
        content.flip();
        var count = Math.min(length, content.remaining());
        content.get(into, offset, count);
        content.compact();
        notifyAll();
        return count;
    }

    @Override
    public synchronized void write(ByteBuffer... parts) throws IOException {
        try {
            for (var part : parts) {
                put(part);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private synchronized void put(ByteBuffer part) throws IOException, InterruptedException {
        while (part.hasRemaining()) {
            while (!closed && !content.hasRemaining()) {
                wait(LONGEST_WAIT);
            }
            if (closed) {
                throw new IOException("closed");
            }
            var count = Math.min(part.remaining(), content.remaining());
            content.put(part.slice(part.position(), count));
            part.position(part.position() + count);
            notifyAll();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
