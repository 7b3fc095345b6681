// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.store.file.FileLocks;
import dev.puna.store.file.StoreFiles;
import dev.puna.store.file.UploadClaims;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps those apart who might delete what another needs. One guard for each folder and process.
 *
 * <p><b>Lock:</b> a mutex among the threads of this process and a file lock among processes, both held for the few
 * milliseconds of a delete, a prune or the write of a manifest, and waited for no longer than {@link #PATIENCE}. File
 * systems without locks are used without.
 * <b>Holds:</b> blobs that work in progress of this process needs, and blobs uploaded within the last hour that no manifest
 * has named yet. A process on the same folder does not see these; it is the check of every manifest write, under the lock,
 * that all blobs are there that keeps the store whole then.
 */
final class StoreGuard {
    /** The file in the store's folder that processes lock. */
    static final String LOCK_FILE = ".puna.lock";

    private static final System.Logger LOG = System.getLogger(StoreGuard.class.getName());
    private static final Map<Path, StoreGuard> BY_ROOT = new ConcurrentHashMap<>();
    private static final Duration UPLOAD_HELD = Duration.ofHours(1);
    /** A process that was stopped in the middle must not stop every other one for good. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Path lockFile;
    private final UploadClaims claims;
    private final ReentrantLock mutex = new ReentrantLock();
    /** Guards what follows; held for the deletion of one file at most, never while waiting for another process. */
    private final Object holds = new Object();

    private final Map<Digest, Integer> held = new HashMap<>();
    /** When each blob was uploaded, by a monotonic clock. */
    private final Map<Digest, Long> uploaded = new HashMap<>();

    private StoreGuard(Path root) {
        this.lockFile = root.resolve(LOCK_FILE);
        claims = new UploadClaims(root);
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
        try {
            var deadline = System.nanoTime() + PATIENCE.toNanos();
            if (!mutex.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            try {
                return mutex.getHoldCount() > 1 ? work.get() : withFileLock(work, deadline);
            } finally {
                mutex.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreFailure("interrupted while waiting for the model store", e);
        }
    }

    void exclusively(Runnable work) {
        exclusively(() -> {
            work.run();
            return true;
        });
    }

    /** Which unfinished blobs somebody writes. */
    UploadClaims claims() {
        return claims;
    }

    void hold(Collection<Digest> digests) {
        synchronized (holds) {
            digests.forEach(digest -> held.merge(digest, 1, Integer::sum));
        }
    }

    void release(Collection<Digest> digests) {
        synchronized (holds) {
            digests.forEach(digest -> held.computeIfPresent(digest, (_, count) -> count > 1 ? count - 1 : null));
        }
    }

    void uploaded(Digest digest) {
        synchronized (holds) {
            forgetOldUploads();
            uploaded.put(digest, System.nanoTime());
        }
    }

    /** A manifest names these now, or nobody wants them: that they were uploaded does not keep them any more. */
    void referenced(Collection<Digest> digests) {
        synchronized (holds) {
            digests.forEach(uploaded::remove);
        }
    }

    /** Runs {@code deletion} unless the blob is held; who takes hold of it meanwhile waits until it is gone. */
    boolean unlessNeeded(Digest digest, BooleanSupplier deletion) {
        synchronized (holds) {
            forgetOldUploads();
            return !held.containsKey(digest) && !uploaded.containsKey(digest) && deletion.getAsBoolean();
        }
    }

    private void forgetOldUploads() {
        var now = System.nanoTime();
        uploaded.values().removeIf(since -> now - since > UPLOAD_HELD.toNanos());
    }

    private <T> T withFileLock(Supplier<T> work, long deadline) throws InterruptedException {
        try (var channel = FileLocks.open(lockFile);
                var _ = lock(channel, deadline)) {
            return work.get();
        } catch (IOException e) {
            throw StoreFiles.failure("lock", lockFile, e);
        }
    }

    private @Nullable FileLock lock(FileChannel channel, long deadline) throws InterruptedException {
        while (true) {
            try {
                var lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException _) {
                // A second class loader of this process has a guard of its own.
            } catch (IOException e) {
                LOG.log(Level.WARNING, "store.lock unavailable reason=\"{0}\"", e.getMessage());
                return null;
            }
            if (System.nanoTime() - deadline > 0) {
                throw busy();
            }
            Thread.sleep(PAUSE);
        }
    }

    private StoreFailure busy() {
        return new StoreFailure("another process has kept the model store locked for %d seconds: %s"
                .formatted(PATIENCE.toSeconds(), lockFile));
    }
}
