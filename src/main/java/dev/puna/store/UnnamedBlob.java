// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.Failure;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that something outside of the store writes, and that becomes a blob when it is whole.
 *
 * <p><b>Owns</b> an unfinished file beside the blobs, which {@link #close} deletes unless {@link #commit} has made it a
 * blob. <b>Threads:</b> one at a time.
 */
public final class UnnamedBlob implements AutoCloseable {
    private static final int COPY_BUFFER = 1 << 20;
    /** A disk with less than this is as good as full: what was to be written did not fit. */
    private static final long NEXT_TO_NOTHING = 8L << 20;

    private final Blobs blobs;
    private final StoreGuard guard;
    private final Path unfinished;

    private UnnamedBlob(Blobs blobs, StoreGuard guard, Path unfinished) {
        this.blobs = blobs;
        this.guard = guard;
        this.unfinished = unfinished;
    }

    static UnnamedBlob begin(Blobs blobs, StoreGuard guard) {
        StoreFiles.createDirectories(blobs.folder());
        var unfinished = blobs.folder().resolve("unnamed-unfinished-" + StoreFiles.uniqueSuffix());
        try (var _ = StoreFiles.create(unfinished)) {
            return new UnnamedBlob(blobs, guard, unfinished);
        } catch (IOException e) {
            throw StoreFiles.failure("write", unfinished, e);
        }
    }

    /** The file to write, which is there and empty. */
    public Path path() {
        return unfinished;
    }

    /** Why writing has failed: that the disk is full if it is, or else what the writer says. */
    public Failure explained(Failure writer) {
        try {
            return Files.getFileStore(unfinished).getUsableSpace() < NEXT_TO_NOTHING
                    ? new StoreFailure(
                            "no space left on the disk of " + blobs.folder() + ": free some and try again", writer)
                    : writer;
        } catch (IOException _) {
            return writer;
        }
    }

    /** Makes a blob of what was written; reads all of it to know its name. */
    public Digest commit() {
        try (var channel = FileChannel.open(unfinished, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var hash = Digest.newHash();
            var buffer = ByteBuffer.allocate(COPY_BUFFER);
            while (channel.read(buffer.clear()) >= 0) {
                hash.update(buffer.flip());
            }
            channel.force(true);
            var digest = Digest.ofHash(hash);
            // Before the file has its name, so that nobody finds it unneeded.
            guard.uploaded(digest);
            blobs.publish(unfinished, digest, channel.size());
            return digest;
        } catch (IOException e) {
            throw StoreFiles.failure("write", unfinished, e);
        }
    }

    /** Removes the file, unless it is a blob by now. */
    @Override
    public void close() {
        StoreFiles.deleteQuietly(unfinished);
    }
}
