// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.store.PendingBlob;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * How a file of this machine becomes a blob without its bytes passing through this process. What comes of it is hashed at the blob's
 * commit, as everything is that comes into the store. Any thread.
 */
public final class FileIntake {
    private static final long CHUNK = 64L << 20;
    /** File systems on which a copy by the kernel shares its bytes with the original, until one of the two is written. */
    private static final Set<String> SHARING = Set.of("btrfs", "xfs");

    /** What has become of a file. */
    public enum Way {
        /** The blob is the file by a second name: whoever writes the file changes the blob. */
        LINKED,
        /** The blob shares the bytes of the file, each keeping its own if the other is written. */
        SHARED,
        /** The bytes are there twice. */
        COPIED
    }

    private FileIntake() {}

    /** Links the file to the blob where both are on one file system, or else copies it. */
    public static Way linked(Path file, PendingBlob blob) {
        return blob.link(file) ? Way.LINKED : copied(file, blob, _ -> {});
    }

    /**
     * Has the kernel copy the file ({@code copy_file_range}).
     *
     * @param done told of how many bytes are copied after each 64 MiB; what it throws ends the copy
     */
    public static Way copied(Path file, PendingBlob blob, LongConsumer done) {
        try (var from = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                var to = FileChannel.open(blob.path(), StandardOpenOption.WRITE)) {
            var size = from.size();
            var shared = sharesBytes(file, blob.path());
            if (!shared) {
                requireSpace(size, file, blob.path());
            }
            for (var at = 0L; at < size; done.accept(at)) {
                var copied = from.transferTo(at, Math.min(CHUNK, size - at), to);
                if (copied <= 0) {
                    throw new InvalidRequest(
                            file + " has become shorter while it was copied: try again when it is whole");
                }
                at += copied;
            }
            return shared ? Way.SHARED : Way.COPIED;
        } catch (IOException e) {
            throw blob.explained(new StoreFailure("cannot copy " + file + ": " + e.getMessage(), e));
        }
    }

    /** Whether a blob is a file of somebody else by a second name. */
    static boolean isLinked(Path blob) {
        try {
            return Files.getAttribute(blob, "unix:nlink") instanceof Integer names && names > 1;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return false;
        }
    }

    private static void requireSpace(long size, Path file, Path blob) throws IOException {
        var free = Files.getFileStore(blob).getUsableSpace();
        if (size > free) {
            throw new StoreFailure(
                    "no space left for %s: it has %d bytes, and the disk of the store has %d free; free some and try again"
                            .formatted(file, size, free));
        }
    }

    private static boolean sharesBytes(Path one, Path other) throws IOException {
        var disk = Files.getFileStore(one);
        return disk.equals(Files.getFileStore(other)) && SHARING.contains(disk.type());
    }
}
