// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.registry.UploadState.Range;
import dev.puna.registry.http.RequestBody;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of a blob as they are sent, of which it is known how many are on their way and what their MD5 is. <b>Threads:</b> any; each
 * {@link Sending} is of one.
 */
final class OutgoingBytes {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final AtomicLong underWay = new AtomicLong();

    OutgoingBytes(Path file) {
        this.file = file;
    }

    /** Bytes that have left this machine in requests that are not answered yet. */
    long underWay() {
        return underWay.get();
    }

    /** Begins to send some of them; close the result when the request is over. */
    Sending of(Range range) {
        return new Sending(range);
    }

    /** Some bytes on their way. */
    final class Sending implements AutoCloseable {
        private final Range range;
        private MessageDigest digest = newMd5();
        private long sent;

        private Sending(Range range) {
            this.range = range;
        }

        /**
         * @param grace how long to wait for who may not want them
         */
        RequestBody body(Duration grace) {
            return new RequestBody(range.length(), this::open, grace);
        }

        /** Of all the bytes, if all were read. */
        Optional<byte[]> md5() {
            return sent == range.length() ? Optional.of(digest.digest()) : Optional.empty();
        }

        private InputStream open() throws IOException {
            close();
            digest = newMd5();
            var channel = FileChannel.open(file);
            channel.position(range.from());
            return new FilterInputStream(Channels.newInputStream(channel)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    var count = super.read(into, offset, (int) Math.min(length, range.length() - sent));
                    if (count > 0) {
                        digest.update(into, offset, count);
                        sent += count;
                        underWay.addAndGet(count);
                    }
                    return count;
                }
            };
        }

        @Override
        public void close() {
            underWay.addAndGet(-sent);
            sent = 0;
        }
    }

    /** What Ollama's registry wants to know at the end: the MD5 of the parts' MD5s, and how many there are. */
    String etag(UploadState state) throws IOException {
        var all = newMd5();
        for (var part = 0; part < state.parts(); part++) {
            var known = state.md5(part);
            all.update(known.isPresent() ? known.get() : md5(state.whole(part)));
        }
        return HexFormat.of().formatHex(all.digest()) + "-" + state.parts();
    }

    private byte[] md5(Range range) throws IOException {
        try (var sending = new Sending(range);
                var content = sending.open()) {
            var buffer = new byte[BUFFER];
            for (var left = range.length(); left > 0; ) {
                var count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException(file + " has become shorter");
                }
                left -= count;
            }
            return sending.digest.digest();
        }
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
