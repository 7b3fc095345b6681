// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.store.file.FileLocks;
import dev.puna.store.file.PartsFile;
import dev.puna.store.file.StoreFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;

/**
 * A blob that comes in parts, several of them at a time, and of which what has come outlives the process.
 *
 * <p><b>Owns</b> two files beside the blobs, one with the content and one that says what is there of it, until {@link #commit} makes
 * a blob of it. {@link #close} leaves them, for whoever opens the same blob again; a prune removes
 * them when nobody has gone on for a week. One process at a time has them. <b>Threads:</b> each part is written by one thread,
 * {@link #hash} and {@link #commit} are called by one; all else by any.
 */
public final class PartialBlob implements AutoCloseable {
    /** Bytes of a part: a request for each, but not so many that a blob's beginning waits long for its end to be hashed. */
    public static final long PART_LENGTH = 64L << 20;

    static final String CONTENT_SUFFIX = "-pull";
    static final String STATE_SUFFIX = "-pull-state";
    private static final int READ_BUFFER = 1 << 18;

    private final Blobs blobs;
    private final StoreGuard guard;
    private final Digest digest;
    private final long length;
    private final Path file;
    private final Path stateFile;
    private final FileChannel content;
    private final PartsFile parts;
    private final boolean resumed;
    private final MessageDigest hash = Digest.newHash();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BUFFER);
    private long hashed;

    private PartialBlob(
            Blobs blobs, StoreGuard guard, Digest digest, long length, Path file, Path stateFile, long partLength)
            throws IOException {
        this.blobs = blobs;
        this.guard = guard;
        this.digest = digest;
        this.length = length;
        this.file = file;
        this.stateFile = stateFile;
        content = FileChannel.open(
                file,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                LinkOption.NOFOLLOW_LINKS);
        try {
            parts = PartsFile.open(stateFile, length, partLength, content);
        } catch (IOException | RuntimeException e) {
            content.close();
            throw e;
        }
        resumed = parts.total() > 0;
        guard.hold(List.of(digest));
    }

    /** Begins a blob of so many bytes, or goes on with what is there of it. */
    static PartialBlob open(Blobs blobs, StoreGuard guard, Digest digest, long length, long partLength) {
        var file = blobs.path(digest).resolveSibling(digest.fileName() + CONTENT_SUFFIX);
        var state = blobs.path(digest).resolveSibling(digest.fileName() + STATE_SUFFIX);
        try {
            return new PartialBlob(blobs, guard, digest, length, file, state, partLength);
        } catch (FileLocks.Taken e) {
            throw new StoreFailure(
                    "another process is pulling " + digest.text() + " into this store: wait for it, or stop it", e);
        } catch (IOException e) {
            throw StoreFiles.failure("write", file, e);
        }
    }

    public Digest digest() {
        return digest;
    }

    /** Bytes of the whole blob. */
    public long length() {
        return length;
    }

    /** Number of parts; 0 of an empty blob. */
    public int parts() {
        return parts.count();
    }

    /** The part to which a byte of the blob belongs. */
    public int partAt(long position) {
        return parts.at(position);
    }

    /** Where the next byte of a part belongs in the blob. */
    public long position(int part) {
        return parts.start(part) + parts.done(part);
    }

    /** Bytes that a part still lacks. */
    public long missing(int part) {
        return parts.length(part) - parts.done(part);
    }

    /** Bytes that are there, wherever in the blob. */
    public long written() {
        return parts.total();
    }

    /** Whether some of it was there when it was opened. */
    public boolean isResumed() {
        return resumed;
    }

    /** Takes the next bytes of a part, at most as many as it lacks. */
    public void write(int part, ByteBuffer bytes) {
        var count = bytes.remaining();
        if (count > missing(part)) {
            throw new IllegalArgumentException(count + " bytes for a part that lacks " + missing(part));
        }
        try {
            for (var at = position(part); bytes.hasRemaining(); ) {
                at += content.write(bytes, at);
            }
            parts.wrote(part, parts.done(part) + count);
        } catch (IOException e) {
            throw StoreFiles.failure("write", file, e);
        }
    }

    /**
     * Hashes what has come of the blob's beginning since the last call, while it is still in memory; gives whether that is all.
     *
     * @param most bytes of it
     */
    public boolean hash(long most) {
        var end = Math.min(parts.contiguous(), hashed + Math.min(most, length));
        try {
            while (hashed < end) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - hashed));
                var read = content.read(buffer, hashed);
                if (read < 0) {
                    throw new IOException("it is shorter than it was written");
                }
                hash.update(buffer.flip());
                hashed += read;
            }
        } catch (IOException e) {
            throw StoreFiles.failure("read", file, e);
        }
        return hashed == length;
    }

    /**
     * Makes a blob of what has come, all of it, and ends this one.
     *
     * @throws InvalidRequest if the bytes are not what the digest says; then nothing is left of them, and it can be written anew
     */
    public void commit() {
        if (!hash(length)) {
            throw new IllegalStateException("only " + parts.total() + " of " + length + " bytes are there");
        }
        var actual = Digest.ofHash(hash);
        try {
            if (!actual.equals(digest)) {
                begin();
                throw new InvalidRequest("digest mismatch, file must be downloaded again: want %s, got %s"
                        .formatted(digest.text(), actual.text()));
            }
            content.force(true);
            blobs.publish(file, digest, length, true);
            guard.uploaded(digest);
            StoreFiles.deleteQuietly(stateFile);
        } catch (IOException e) {
            throw StoreFiles.failure("write", file, e);
        }
        close();
    }

    /** Lets go of the files; what has come stays in them. */
    @Override
    public void close() {
        if (content.isOpen() && parts.total() == 0) {
            StoreFiles.deleteQuietly(file);
            StoreFiles.deleteQuietly(stateFile);
        }
        try (content;
                parts) {
            if (content.isOpen()) {
                guard.release(List.of(digest));
            }
        } catch (IOException _) {
            // What had to reach the disk was forced to it.
        }
    }

    private void begin() throws IOException {
        content.truncate(0);
        parts.begin();
        hash.reset();
        hashed = 0;
    }
}
