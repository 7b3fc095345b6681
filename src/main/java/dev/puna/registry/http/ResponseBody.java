// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The body of an answer for a thread that waits for it. Of what has come only a few buffers are kept: the connection is not read until
 * these are. <b>Threads:</b> one reads; Vert.x's fills.
 */
final class ResponseBody extends InputStream {
    /** Buffers of at most {@link RegistryHttp#LONGEST_CHUNK} bytes that may wait here; enough for the threads of a busy machine. */
    private static final int WAITING = 24;

    private final HttpClientResponse response;
    private final Duration silence;
    private final BooleanSupplier reusable;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Buffer current = Buffer.buffer();
    private int position;
    private int taken;

    private sealed interface Event {
        record Bytes(Buffer buffer) implements Event {}

        record End() implements Event {}

        record Failed(Throwable cause) implements Event {}
    }

    /**
     * Called by Vert.x's thread when the headers are there.
     *
     * @param silence time after which a body of which nothing comes is given up
     * @param reusable whether the connection may be used again when everything has come
     */
    ResponseBody(HttpClientResponse response, Duration silence, BooleanSupplier reusable) {
        this.response = response;
        this.silence = silence;
        this.reusable = reusable;
        response.pause();
        response.handler(buffer -> events.add(new Event.Bytes(buffer)));
        response.endHandler(_ -> events.add(new Event.End()));
        response.exceptionHandler(this::failed);
        response.fetch(WAITING);
    }

    /** What had come before a connection broke is let through first; a resumed download has it. */
    private void failed(Throwable cause) {
        response.fetch(Long.MAX_VALUE);
        Vertx.currentContext().runOnContext(_ -> events.add(new Event.Failed(cause)));
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Waits for the first byte only; what has come by then is given as far as it fits. */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == current.length() && !next(await())) {
            return -1;
        }
        var read = take(into, offset, length);
        while (read < length && events.peek() instanceof Event.Bytes bytes) {
            events.remove();
            next(bytes);
            read += take(into, offset + read, length - read);
        }
        return read;
    }

    private int take(byte[] into, int offset, int length) {
        var count = Math.min(length, current.length() - position);
        current.getBytes(position, position + count, into, offset);
        position += count;
        return count;
    }

    /** Goes on to the next bytes; false at the end. */
    private boolean next(Event event) throws IOException {
        switch (event) {
            case Event.Bytes(var buffer) -> {
                current = buffer;
                position = 0;
                // Asked for in halves, since each time wakes the thread that reads the connection.
                if (++taken == WAITING / 2) {
                    response.fetch(taken);
                    taken = 0;
                }
                return true;
            }
            case Event.End end -> {
                // Stays, for whoever reads on.
                events.add(end);
                return false;
            }
            case Event.Failed(var cause) -> throw Unanswered.because(cause);
        }
    }

    private Event await() throws IOException {
        try {
            var event = events.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new SocketTimeoutException("Read timed out");
            }
            return event;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Ends the connection unless everything has come, after which it is used again. */
    @Override
    public void close() {
        var isWhole = events.peek() instanceof Event.End;
        events.clear();
        events.add(new Event.End());
        position = current.length();
        if (!isWhole || !reusable.getAsBoolean()) {
            response.request().reset();
        }
    }
}
