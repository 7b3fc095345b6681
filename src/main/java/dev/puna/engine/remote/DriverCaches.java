// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.prefix.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Where the drivers of graphics cards keep what they compile, so that the next process of a model need not compile it again. Each
 * model has a folder of its own: what one process leaves there is never read for another model. Any thread.
 */
final class DriverCaches {
    /** So many models keep theirs; those that were not loaded for longest go. */
    static final int MODELS = 32;

    private static final Logger LOG = Logger.getLogger(DriverCaches.class);

    private final Path folder;

    /**
     * @param folder holds nothing else; made when it is first wanted
     */
    DriverCaches(Path folder) {
        this.folder = requireNonNull(folder, "folder is null");
    }

    /** What makes the drivers that are known keep theirs in a folder, each up to 256 MiB. */
    static Map<String, String> environment(Path folder) {
        var text = folder.toString();
        return Map.of(
                // Mesa and newer drivers of NVIDIA
                "XDG_CACHE_HOME", text,
                "MESA_SHADER_CACHE_DIR", text,
                "MESA_SHADER_CACHE_MAX_SIZE", "256M",
                "__GL_SHADER_DISK_CACHE_PATH", text,
                "__GL_SHADER_DISK_CACHE_SIZE", "268435456",
                "CUDA_CACHE_PATH", text,
                "CUDA_CACHE_MAXSIZE", "268435456",
                // ROCm
                "AMD_COMGR_CACHE_DIR", text);
    }

    /**
     * The folder of a model, which exists.
     *
     * @param modelFiles by which the model is known
     * @return empty if it cannot be made; the model is then computed without
     */
    synchronized Optional<Path> of(List<Path> modelFiles) {
        try {
            var own = ModelFolder.make(folder, modelFiles).path();
            Files.setLastModifiedTime(own, FileTime.from(Instant.now()));
            removeOldest();
            return Optional.of(own);
        } catch (IOException e) {
            LOG.debugf("the drivers keep nothing of what they compile: %s", e);
            return Optional.empty();
        }
    }

    private void removeOldest() throws IOException {
        try (var entries = Files.list(folder)) {
            var oldest = entries.filter(Files::isDirectory)
                    .sorted(Comparator.comparingLong(DriverCaches::lastUse).reversed())
                    .skip(MODELS)
                    .toList();
            oldest.forEach(DriverCaches::remove);
        }
    }

    private static long lastUse(Path entry) {
        try {
            return Files.getLastModifiedTime(entry).toMillis();
        } catch (IOException _) {
            return 0;
        }
    }

    /** Removes what it can; the rest is tried at the next load. */
    private static void remove(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.debugf("cannot remove %s: %s", tree, e);
        }
    }
}
