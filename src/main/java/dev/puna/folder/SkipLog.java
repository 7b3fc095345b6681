// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says once of each path why it is left out. Any thread. */
final class SkipLog {
    private static final System.Logger LOG = System.getLogger(SkipLog.class.getName());
    /** A folder full of nonsense must fill neither the log nor the memory. */
    private static final int MOST = 200;

    private final Set<Path> told = ConcurrentHashMap.newKeySet();

    void skipped(Path path, String reason) {
        if (told.size() < MOST && told.add(path)) {
            LOG.log(Level.WARNING, "folder.skipped path={0} reason=\"{1}\"", path, reason);
        }
    }

    /** What is good now is worth a line if it is not any more. */
    void good(Path path) {
        told.remove(path);
    }
}
