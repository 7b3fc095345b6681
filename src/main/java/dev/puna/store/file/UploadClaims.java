// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.file;

import dev.puna.failure.StoreFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which unfinished blobs are being written by a process that lives, so that those of one that was killed can go at the next start.
 *
 * <p>Each locks one byte of a file of the store's, at a place that the end of its name says; the system lets go of it with the
 * process. While this process has locks there, the file is open once and not closed, since closing it would give them all up. Where
 * files cannot be locked, nothing is known. <b>Threads:</b> any.
 */
public final class UploadClaims {
    /** The file in the store's folder. */
    public static final String FILE = ".puna.uploads";

    private static final int HEX = 16;

    private final Path file;
    private final Map<Path, FileLock> claims = new HashMap<>();
    /** Open as long as there are claims. */
    private @Nullable FileChannel channel;

    /** Those of the store in that folder. */
    public UploadClaims(Path root) {
        file = root.resolve(FILE);
    }

    /** Claims an unfinished blob, before its file is made. */
    public synchronized void claim(Path unfinished) {
        try {
            var lock = open().tryLock(place(unfinished), 1, false);
            if (lock != null) {
                claims.put(unfinished, lock);
            }
        } catch (IOException | OverlappingFileLockException | StoreFailure _) {
            // It goes when it is old.
        } finally {
            closeUnlessClaimed();
        }
    }

    /** Says that an unfinished blob is finished, or gone. */
    public synchronized void release(Path unfinished) {
        var lock = claims.remove(unfinished);
        try {
            if (lock != null) {
                lock.release();
            }
        } catch (IOException _) {
            // It ends with the process.
        } finally {
            closeUnlessClaimed();
        }
    }

    /** Whether certainly nobody writes an unfinished blob any more. */
    public synchronized boolean isAbandoned(Path unfinished) {
        if (claims.containsKey(unfinished) || !StoreFiles.isRegular(file)) {
            return false;
        }
        try (var lock = open().tryLock(place(unfinished), 1, false)) {
            return lock != null;
        } catch (IOException | OverlappingFileLockException | StoreFailure _) {
            return false;
        } finally {
            closeUnlessClaimed();
        }
    }

    private FileChannel open() throws IOException {
        var known = channel;
        if (known == null) {
            known = FileLocks.open(file);
            channel = known;
        }
        return known;
    }

    private void closeUnlessClaimed() {
        var known = channel;
        if (known == null || !claims.isEmpty()) {
            return;
        }
        channel = null;
        try {
            known.close();
        } catch (IOException _) {
            // Nothing was written.
        }
    }

    private static long place(Path unfinished) {
        var name = unfinished.toString();
        return Long.parseUnsignedLong(name.substring(name.length() - HEX), HEX) >>> 2;
    }
}
