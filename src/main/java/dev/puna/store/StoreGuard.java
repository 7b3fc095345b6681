// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps those apart who might delete what another needs. One guard for each folder and process.
 *
 * <p><b>Lock:</b> a mutex among the threads of this process and a file lock among processes, both held for the few
 * milliseconds of a delete, a prune or the write of a manifest. File systems without locks are used without.
 * <b>Holds:</b> blobs that work in progress of this process needs, and blobs uploaded within the last hour that no manifest
 * has named yet. A process on the same folder does not see these; it is the check of every manifest write, under the lock,
 * that all blobs are there that keeps the store whole then.
 */
final class StoreGuard {
    private static final System.Logger LOG = System.getLogger(StoreGuard.class.getName());
    private static final Map<Path, StoreGuard> BY_ROOT = new ConcurrentHashMap<>();
    private static final Duration UPLOAD_HELD = Duration.ofHours(1);

    private final Path lockFile;
    private final ReentrantLock mutex = new ReentrantLock();
    private final Map<Digest, Integer> held = new HashMap<>();
    private final Map<Digest, Instant> uploaded = new HashMap<>();

    private StoreGuard(Path root) {
        this.lockFile = root.resolve(".puna.lock");
    }

    static StoreGuard of(Path root) {
        try {
            return BY_ROOT.computeIfAbsent(root.toRealPath(), StoreGuard::new);
        } catch (IOException e) {
            throw StoreFiles.failure("open", root, e);
        }
    }

    /** Runs {@code work} while no other thread or Puna process is in such work on this folder. May be nested. */
    <T> T exclusively(Supplier<T> work) {
        mutex.lock();
        try {
            if (mutex.getHoldCount() > 1) {
                return work.get();
            }
            try (var channel = openLockFile();
                    var _ = lock(channel)) {
                return work.get();
            } catch (IOException e) {
                throw StoreFiles.failure("lock", lockFile, e);
            }
        } finally {
            mutex.unlock();
        }
    }

    void exclusively(Runnable work) {
        exclusively(() -> {
            work.run();
            return true;
        });
    }

    void hold(Collection<Digest> digests) {
        mutex.lock();
        try {
            digests.forEach(digest -> held.merge(digest, 1, Integer::sum));
        } finally {
            mutex.unlock();
        }
    }

    void release(Collection<Digest> digests) {
        mutex.lock();
        try {
            digests.forEach(digest -> held.computeIfPresent(digest, (_, count) -> count > 1 ? count - 1 : null));
        } finally {
            mutex.unlock();
        }
    }

    void uploaded(Digest digest) {
        mutex.lock();
        try {
            uploaded.put(digest, Instant.now());
        } finally {
            mutex.unlock();
        }
    }

    /** A manifest names these now, or nobody wants them: that they were uploaded does not keep them any more. */
    void referenced(Collection<Digest> digests) {
        mutex.lock();
        try {
            digests.forEach(uploaded::remove);
        } finally {
            mutex.unlock();
        }
    }

    boolean needed(Digest digest) {
        mutex.lock();
        try {
            uploaded.values().removeIf(since -> since.plus(UPLOAD_HELD).isBefore(Instant.now()));
            return held.containsKey(digest) || uploaded.containsKey(digest);
        } finally {
            mutex.unlock();
        }
    }

    private FileChannel openLockFile() {
        try {
            return FileChannel.open(
                    lockFile, StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw StoreFiles.failure("write", lockFile, e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) {
        try {
            return channel.lock();
        } catch (FileLockInterruptionException e) {
            throw new StoreFailure("interrupted while another process changes the model store", e);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "store.lock unavailable reason=\"{0}\"", e.getMessage());
            return null;
        }
    }
}
