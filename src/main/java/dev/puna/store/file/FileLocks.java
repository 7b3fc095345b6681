// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;

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
