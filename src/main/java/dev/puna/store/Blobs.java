// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;

/** The folder of blobs: files named by the SHA-256 of what they hold. */
final class Blobs {
    private static final System.Logger LOG = System.getLogger(Blobs.class.getName());
    private static final String OLD_PREFIX = "sha256:";

    private final Path folder;
    private final StoreGuard guard;

    Blobs(Path folder, StoreGuard guard) {
        this.folder = folder;
        this.guard = guard;
    }

    Path folder() {
        return folder;
    }

    Path path(Digest digest) {
        return folder.resolve(digest.fileName());
    }

    boolean contains(Digest digest) {
        return StoreFiles.isRegular(path(digest));
    }

    /** Bytes of a blob that is there. */
    long size(Digest digest) {
        var path = path(digest);
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .size();
        } catch (IOException e) {
            throw StoreFiles.failure("read", path, e);
        }
    }

    BlobUpload upload(Digest digest) {
        StoreFiles.createDirectories(folder);
        return BlobUpload.begin(this, guard, digest);
    }

    WrittenLayer write(String mediaType, byte[] content) {
        var existed = restore(content);
        return new WrittenLayer(Layer.of(mediaType, Digest.of(content), content.length), existed);
    }

    /** Writes a blob unless it is there; gives whether it was. */
    boolean restore(byte[] content) {
        var digest = Digest.of(content);
        if (holds(digest, content)) {
            return true;
        }
        try (var upload = upload(digest)) {
            upload.write(content);
            upload.commit();
        }
        return false;
    }

    void deleteUnlessNeeded(Digest digest) {
        var _ = guard.unlessNeeded(digest, () -> delete(path(digest)));
    }

    /** Removes what is older than {@code before}, is no needed blob, and is a plain file; gives the number removed. */
    int prune(Instant before, Set<Digest> referenced) {
        var removed = 0;
        for (var file : StoreFiles.entries(folder)) {
            if (StoreFiles.isRegular(file) && StoreFiles.isOlder(file, before) && pruned(file, referenced)) {
                removed++;
            }
        }
        return removed;
    }

    private boolean pruned(Path file, Set<Digest> referenced) {
        var digest = Digest.tryParse(file.getFileName().toString());
        if (digest.isEmpty()) {
            return StoreFiles.deleteQuietly(file);
        }
        return !referenced.contains(digest.get())
                && guard.unlessNeeded(digest.get(), () -> StoreFiles.deleteQuietly(file));
    }

    /** Gives blobs of old servers, {@code sha256:…}, the names of today. */
    void renameOld() {
        for (var file : StoreFiles.entries(folder)) {
            var name = file.getFileName().toString();
            var digest = Digest.tryParse(name);
            if (name.startsWith(OLD_PREFIX) && digest.isPresent() && StoreFiles.isRegular(file)) {
                rename(file, path(digest.get()));
            }
        }
    }

    private static void rename(Path from, Path to) {
        try {
            if (StoreFiles.isRegular(to)) {
                Files.delete(from);
            } else {
                Files.move(from, to);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "store.rename failed from={0} to={1} reason=\"{2}\"", from, to, e.getMessage());
        }
    }

    /** Whether the blob is there and is what its name says, whoever left it there. */
    private boolean holds(Digest digest, byte[] content) {
        return contains(digest)
                && size(digest) == content.length
                && Arrays.equals(StoreFiles.read(path(digest), content.length), content);
    }

    private static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw StoreFiles.failure("delete", file, e);
        }
    }

    /** Refuses a manifest that names a blob which is not here. */
    void require(Layer layer) {
        if (!contains(layer.digest())) {
            throw new StoreFailure("blob %s is gone from the model store: upload or pull it again"
                    .formatted(layer.digest().text()));
        }
    }
}
