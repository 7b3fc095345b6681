// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Files with keys and passwords, which should be nobody else's business. <b>Threads:</b> any. */
final class SecretFile {
    private static final System.Logger LOG = System.getLogger(SecretFile.class.getName());
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    private static final Set<Path> TOLD = ConcurrentHashMap.newKeySet();

    private SecretFile() {}

    /** Whether other users can read or change a file; what cannot be known is not held against it. */
    static boolean isOpenToOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains);
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }

    /**
     * Says once in the log that others can read a file. It is used all the same, since folders that containers mount can often not
     * be otherwise.
     */
    static void warnIfOpenToOthers(Path file) {
        if (isOpenToOthers(file) && TOLD.add(file)) {
            LOG.log(Level.WARNING, "registry.secret open to others file={0}: run chmod 600 {0}", file);
        }
    }
}
