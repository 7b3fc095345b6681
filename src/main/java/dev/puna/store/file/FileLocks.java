// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.file;

import dev.puna.failure.StoreFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Locks of whole files among processes, which end with the channel. */
public final class FileLocks {
    private FileLocks() {}

    /** Somebody else has the file. */
    public static final class Taken extends IOException {
        private static final long serialVersionUID = 1L;

        Taken() {
            super("another process writes it");
        }
    }

    /** Opens a file that is there to be locked, and makes it if need be; anything but a regular file is a {@link StoreFailure}. */
    public static FileChannel open(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !StoreFiles.isRegular(file)) {
            throw new StoreFailure("not a regular file: " + file);
        }
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);
    }

    /** Tries to lock a file; a file system without locks locks nobody out. */
    public static boolean isTaken(FileChannel channel) {
        try {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
