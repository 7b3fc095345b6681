// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/**
 * One blob on its way into the store.
 *
 * <p><b>Owns</b> an unfinished file beside the blobs, which {@link #close} deletes unless {@link #commit} has made it a blob.
 * Nothing whose bytes do not match the digest ever gets the blob's name. Uploads of one digest at the same time do not
 * disturb each other; the last to commit wins, with the same content. <b>Threads:</b> one at a time. Source: contract 1.9.
 */
public final class BlobUpload implements AutoCloseable {
    private final Blobs blobs;
    private final StoreGuard guard;
    private final Digest digest;
    private final Path unfinished;
    private final FileChannel channel;
    private final MessageDigest hash = Digest.newHash();
    private long written;
    private boolean closed;

    private BlobUpload(Blobs blobs, StoreGuard guard, Digest digest, Path unfinished, FileChannel channel) {
        this.blobs = blobs;
        this.guard = guard;
        this.digest = digest;
        this.unfinished = unfinished;
        this.channel = channel;
        guard.hold(List.of(digest));
    }

    static BlobUpload begin(Blobs blobs, StoreGuard guard, Digest digest) {
        var unfinished = blobs.folder().resolve(digest.fileName() + "-unfinished-" + StoreFiles.uniqueSuffix());
        try {
            return new BlobUpload(blobs, guard, digest, unfinished, StoreFiles.create(unfinished));
        } catch (IOException e) {
            throw StoreFiles.failure("write", unfinished, e);
        }
    }

    /** Bytes taken so far. */
    public long written() {
        return written;
    }

    /** Takes the next bytes, all of them. A failure ends the upload and removes what it has written. */
    public void write(ByteBuffer content) {
        requireOpen();
        written += content.remaining();
        hash.update(content.duplicate());
        try {
            StoreFiles.writeFully(channel, content);
        } catch (IOException e) {
            close();
            throw StoreFiles.failure("write", unfinished, e);
        }
    }

    /** Takes the next bytes. */
    public void write(byte[] content) {
        write(ByteBuffer.wrap(content));
    }

    /** Makes the blob of what was written, or refuses it when it is not what the digest says. Ends the upload. */
    public void commit() {
        requireOpen();
        try {
            var actual = Digest.ofHash(hash);
            if (!actual.equals(digest)) {
                throw new InvalidRequest("digest mismatch, expected \"%s\", got \"%s\"".formatted(digest, actual));
            }
            channel.force(true);
            channel.close();
            blobs.publish(unfinished, digest, written);
            guard.uploaded(digest);
        } catch (IOException e) {
            throw StoreFiles.failure("write", unfinished, e);
        } finally {
            close();
        }
    }

    /** Ends the upload; what was not committed is gone. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
        } catch (IOException _) {
            // The file goes away with the next line.
        }
        StoreFiles.deleteQuietly(unfinished);
        guard.release(List.of(digest));
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreFailure("the upload of " + digest + " has ended");
        }
    }
}
