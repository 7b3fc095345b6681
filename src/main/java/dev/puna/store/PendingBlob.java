// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.store.file.StoreFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way into the store, whose digest is known from the start or only when it is whole.
 *
 * <p><b>Owns</b> an unfinished file beside the blobs. {@link #commit} makes it a blob; otherwise {@link #close} deletes it.
 * Nothing whose bytes do not match an expected digest ever gets the blob's name, and nothing is kept of it. Bytes that come in order are hashed as they come, all others at the
 * commit. Pending blobs of one digest at the same time do not disturb each other; the last to commit wins, with the same content.
 * <b>Threads:</b> one at a time. Source: contract 1.9.
 */
public final class PendingBlob implements AutoCloseable {
    private static final int READ_BUFFER = 1 << 18;
    /** Free bytes below which a failed write counts as a full disk. */
    private static final long NEXT_TO_NOTHING = 8L << 20;

    private final Blobs blobs;
    private final StoreGuard guard;
    private final Optional<Digest> expected;
    private final Path file;
    private final MessageDigest hash = Digest.newHash();
    /** How many bytes from the start of the file the hash has seen. */
    private long hashed;
    /** Where the furthest write has ended. */
    private long written;

    private @Nullable FileChannel channel;
    private boolean linked;
    private boolean closed;

    private PendingBlob(Blobs blobs, StoreGuard guard, Optional<Digest> expected, Path file) {
        this.blobs = blobs;
        this.guard = guard;
        this.expected = expected;
        this.file = file;
        guard.hold(expectedDigests());
    }

    /** Begins a blob in an empty file; without a digest that must come out, it may hold anything. */
    static PendingBlob begin(Blobs blobs, StoreGuard guard, Optional<Digest> expected) {
        var file = blobs.unfinished(expected);
        guard.claims().claim(file);
        try (var _ = StoreFiles.create(file)) {
            return new PendingBlob(blobs, guard, expected, file);
        } catch (IOException e) {
            guard.claims().release(file);
            throw StoreFiles.failure("write", file, e);
        }
    }

    /** Length of the file in bytes as far as it was written here; gaps count as well. */
    public long written() {
        return written;
    }

    /** The file, for something outside of the store that writes it; it is there. */
    public Path path() {
        return file;
    }

    /** Takes bytes behind all that were written so far, all of them. A failure ends this blob. */
    public void write(ByteBuffer content) {
        write(written, content);
    }

    /** Takes bytes behind all that were written so far. */
    public void write(byte[] content) {
        write(ByteBuffer.wrap(content));
    }

    /**
     * Takes bytes for any place of the blob, all of them. A failure ends this blob.
     *
     * @param position of the first byte, from 0
     */
    public void write(long position, ByteBuffer content) {
        requireOpen();
        var end = Math.addExact(position, content.remaining());
        if (position == hashed) {
            hash.update(content.duplicate());
            hashed = end;
        } else if (position < hashed) {
            hash.reset();
            hashed = 0;
        }
        try {
            for (var at = position; content.hasRemaining(); ) {
                at += channel().write(content, at);
            }
        } catch (IOException e) {
            close();
            throw StoreFiles.failure("write", file, e);
        }
        written = Math.max(written, end);
    }

    /**
     * Puts another file in the place of this one, by a second name for it, which is only read and keeps its rights. Whoever writes the
     * file afterwards damages the blob, so nobody but this process's user may be able to.
     *
     * @return false where that cannot be: the file is on another file system, or others own or may write it
     */
    public boolean link(Path other) {
        requireOpen();
        closeChannel();
        var link = blobs.unfinished(expected);
        try {
            if (!isOurs(other)) {
                return false;
            }
            Files.createLink(link, other);
            Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
            linked = true;
            written = Files.size(file);
            return true;
        } catch (IOException | UnsupportedOperationException _) {
            StoreFiles.deleteQuietly(link);
            return false;
        }
    }

    private boolean isOurs(Path other) throws IOException {
        var rights = Files.readAttributes(other, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return rights.owner().equals(Files.getOwner(file))
                && !rights.permissions().contains(PosixFilePermission.GROUP_WRITE)
                && !rights.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** Why writing has failed: that the disk is full if it is, or else what the writer says. */
    public Failure explained(Failure writer) {
        try {
            return Files.getFileStore(file).getUsableSpace() < NEXT_TO_NOTHING
                    ? new StoreFailure(
                            "no space left on the disk of " + blobs.folder() + ": free some and try again", writer)
                    : writer;
        } catch (IOException _) {
            return writer;
        }
    }

    /**
     * Makes a blob of what was written, and ends this one. Reads what was not written in order, or from outside.
     *
     * @return the blob's digest
     * @throws InvalidRequest if the bytes are not what the expected digest says
     */
    public Digest commit() {
        requireOpen();
        try {
            var open = channel();
            hashRest(open);
            var actual = Digest.ofHash(hash);
            if (expected.isPresent() && !actual.equals(expected.get())) {
                throw new InvalidRequest(
                        "digest mismatch, expected \"%s\", got \"%s\"".formatted(expected.get(), actual));
            }
            open.force(true);
            publish(actual, open.size());
            return actual;
        } catch (IOException e) {
            throw StoreFiles.failure("write", file, e);
        } finally {
            close();
        }
    }

    /** Ends this blob; what was not committed is gone. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeChannel();
        StoreFiles.deleteQuietly(file);
        guard.claims().release(file);
        guard.release(expectedDigests());
    }

    private void hashRest(FileChannel open) throws IOException {
        if (hashed >= open.size()) {
            return;
        }
        var buffer = ByteBuffer.allocateDirect(READ_BUFFER);
        for (var read = open.read(buffer, hashed); read >= 0; read = open.read(buffer.clear(), hashed)) {
            hash.update(buffer.flip());
            hashed += read;
        }
    }

    /** Held meanwhile, so that nobody finds it unneeded before it counts as uploaded. */
    private void publish(Digest digest, long size) throws IOException {
        closeChannel();
        guard.hold(List.of(digest));
        try {
            blobs.publish(file, digest, size, !linked);
            guard.uploaded(digest);
        } finally {
            guard.release(List.of(digest));
        }
    }

    private Collection<Digest> expectedDigests() {
        return expected.stream().toList();
    }

    /** Opened when it is needed, since a writer from outside may put another file in the place of this one. */
    private FileChannel channel() throws IOException {
        var open = channel;
        if (open == null) {
            open = linked
                    ? FileChannel.open(file, StandardOpenOption.READ)
                    : FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    private void closeChannel() {
        var open = channel;
        channel = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException _) {
            // What had to reach the disk was forced to it; all else is deleted or hashed again.
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreFailure("the upload of " + expected.map(Digest::text).orElse("a blob") + " has ended");
        }
    }
}
