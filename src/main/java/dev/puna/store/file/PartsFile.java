// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much of each part of a blob has been written, in memory and in a file that survives the process.
 *
 * <p>The file is a mark, the length of the blob, the length of a part, and for each part how many bytes of it from its start are
 * there: 64-bit numbers, the highest byte first. A file that says anything else counts as none. <b>Owns</b> the file's channel and
 * the lock by which one process at a time writes it. <b>Threads:</b> any, each at its own part.
 */
public final class PartsFile implements AutoCloseable {
    private static final long MARK = 0x50554e41_50415254L;
    private static final int HEADER = 3 * Long.BYTES;

    private final FileChannel channel;
    private final long partLength;
    private final long blobLength;
    private final AtomicLongArray done;

    private PartsFile(FileChannel channel, long blobLength, long partLength, AtomicLongArray done) {
        this.channel = channel;
        this.blobLength = blobLength;
        this.partLength = partLength;
        this.done = done;
    }

    /**
     * Opens or makes the file.
     *
     * @param blobLength of the blob in bytes
     * @param partLength of every part but the last in bytes
     * @param content the blob's file, without which nothing of it is there
     */
    public static PartsFile open(Path file, long blobLength, long partLength, FileChannel content) throws IOException {
        var channel = FileChannel.open(
                file,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                LinkOption.NOFOLLOW_LINKS);
        try {
            if (FileLocks.isTaken(channel)) {
                throw new FileLocks.Taken();
            }
            var count = Math.toIntExact(Math.ceilDiv(blobLength, partLength));
            var parts = new PartsFile(channel, blobLength, partLength, new AtomicLongArray(count));
            if (!parts.read(content.size())) {
                parts.begin();
            }
            return parts;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public int count() {
        return done.length();
    }

    /** The part to which a byte of the blob belongs. */
    public int at(long position) {
        return Math.toIntExact(position / partLength);
    }

    /** Where a part begins in the blob. */
    public long start(int part) {
        return part * partLength;
    }

    /** Bytes that a part has when it is whole. */
    public long length(int part) {
        return Math.min(partLength, blobLength - start(part));
    }

    /** Bytes of a part that are there, from its start. */
    public long done(int part) {
        return done.get(part);
    }

    /** Bytes from the start of the blob that are there without a gap. */
    public long contiguous() {
        for (var part = 0; part < count(); part++) {
            if (done(part) < length(part)) {
                return start(part) + done(part);
            }
        }
        return blobLength;
    }

    /** Bytes that are there, wherever. */
    public long total() {
        var sum = 0L;
        for (var part = 0; part < count(); part++) {
            sum += done(part);
        }
        return sum;
    }

    /** Says how much of a part is there now, once it is. */
    public void wrote(int part, long bytes) throws IOException {
        done.set(part, bytes);
        put(HEADER + (long) part * Long.BYTES, bytes);
    }

    /** Says that nothing is there. */
    public void begin() throws IOException {
        channel.truncate(0);
        for (var part = 0; part < count(); part++) {
            done.set(part, 0);
        }
        put(Long.BYTES, blobLength);
        put(2L * Long.BYTES, partLength);
        put(0, MARK);
    }

    private boolean read(long contentLength) throws IOException {
        var expected = HEADER + (long) count() * Long.BYTES;
        if (channel.size() < HEADER || channel.size() > expected) {
            return false;
        }
        // Parts at the end that were never begun are missing in the file.
        var buffer = ByteBuffer.allocate(Math.toIntExact(expected));
        for (var at = 0L; at < channel.size(); ) {
            at += channel.read(buffer, at);
        }
        buffer.clear();
        if (buffer.getLong() != MARK || buffer.getLong() != blobLength || buffer.getLong() != partLength) {
            return false;
        }
        for (var part = 0; part < count(); part++) {
            var bytes = buffer.getLong();
            if (bytes < 0 || bytes > length(part) || (bytes > 0 && start(part) + bytes > contentLength)) {
                return false;
            }
            done.set(part, bytes);
        }
        return true;
    }

    private void put(long position, long value) throws IOException {
        var buffer = ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
        for (var at = position; buffer.hasRemaining(); ) {
            at += channel.write(buffer, at);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
