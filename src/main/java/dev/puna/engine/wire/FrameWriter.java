// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Collects messages and writes them together.
 *
 * <p><b>Threads:</b> any; each message stays whole, those of one thread stay in order. <b>Memory:</b> as much as was added since the last
 * {@link #flush}; large arrays in messages are written as they are, so nobody may change them any more.
 */
public final class FrameWriter {
    private final ByteSink sink;
    private final ReentrantLock writing = new ReentrantLock();
    private final Object adding = new Object();

    private final List<ByteBuffer> added = new ArrayList<>();
    private boolean broken;

    public FrameWriter(ByteSink sink) {
        this.sink = requireNonNull(sink, "sink is null");
    }

    /**
     * Keeps a message for the next flush.
     *
     * @throws dev.puna.failure.InvalidRequest if it is longer than messages of its kind may be; then nothing of it is sent
     */
    public void add(ToRunner message) {
        append(ToRunnerCodec.frame(message));
    }

    /**
     * Keeps a message for the next flush.
     *
     * @throws dev.puna.failure.InvalidRequest if it is longer than messages of its kind may be; then nothing of it is sent
     */
    public void add(FromRunner message) {
        append(FromRunnerCodec.frame(message));
    }

    /**
     * Writes all that was added, with one call of the sink; when this returns, all that was added before has been written, maybe by
     * another thread.
     *
     * @throws IOException if that failed, now or before: then nothing more can be written
     */
    public void flush() throws IOException {
        writing.lock();
        try {
            var parts = taken();
            if (broken) {
                throw new IOException("the connection has ended within an earlier message");
            }
            if (parts.length > 0) {
                write(parts);
            }
        } finally {
            writing.unlock();
        }
    }

    private void write(ByteBuffer[] parts) throws IOException {
        broken = true;
        sink.write(parts);
        broken = false;
    }

    private void append(List<ByteBuffer> frame) {
        synchronized (adding) {
            added.addAll(frame);
        }
    }

    private ByteBuffer[] taken() {
        synchronized (adding) {
            var parts = added.toArray(ByteBuffer[]::new);
            added.clear();
            return parts;
        }
    }
}
