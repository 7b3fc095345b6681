// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.store.file.FileLocks;
import dev.puna.store.file.StoreFiles;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The folder of blobs: files named by the SHA-256 of what they hold. */
final class Blobs {
    private static final System.Logger LOG = System.getLogger(Blobs.class.getName());
    private static final String OLD_PREFIX = "sha256:";
    private static final String UNFINISHED_INFIX = "-unfinished-";
    private static final Pattern UNFINISHED = Pattern.compile("(sha256-[0-9a-f]{64}|unnamed)-unfinished-[0-9a-f]{16}");
    /** The files of a {@link PartialBlob}. */
    private static final Pattern PARTIAL =
            Pattern.compile("(sha256-[0-9a-f]{64}%s)(-state)?".formatted(PartialBlob.CONTENT_SUFFIX));

    private static final Pattern LOCK = Pattern.compile("(?i)lock$|pid$");

    private final Path folder;
    private final StoreGuard guard;

    Blobs(Path folder, StoreGuard guard) {
        this.folder = folder;
        this.guard = guard;
    }

    Path folder() {
        return folder;
    }

    boolean hasAny() {
        return !StoreFiles.entries(folder).isEmpty();
    }

    Path path(Digest digest) {
        return folder.resolve(digest.fileName());
    }

    /** The blob that a file is by its name, which is spelt exactly as here. */
    Optional<Digest> digestOf(Path file) {
        var name = file.getFileName().toString();
        return Digest.tryParse(name).filter(digest -> digest.fileName().equals(name));
    }

    /** The blobs whose digests begin with these digits. */
    List<Digest> startingWith(String hex) {
        return StoreFiles.entries(folder).stream()
                .flatMap(file -> digestOf(file).stream())
                .filter(digest -> digest.hex().startsWith(hex))
                .toList();
    }

    /** A document among the blobs, which is what its name says. */
    byte[] readDocument(Digest digest) {
        var content = StoreFiles.readBlob(path(digest), digest, ManifestFolder.LONGEST);
        if (!Digest.of(content).equals(digest)) {
            throw new StoreFailure("digest mismatch: " + path(digest));
        }
        return content;
    }

    /** Whether the blob is there; a user may have put a link to a file elsewhere in its place. */
    boolean contains(Digest digest) {
        return Files.isRegularFile(path(digest));
    }

    /** When a blob that is there was written. */
    Instant modifiedAt(Digest digest) {
        try {
            return Files.getLastModifiedTime(path(digest)).toInstant();
        } catch (IOException e) {
            throw StoreFiles.failure("read", path(digest), e);
        }
    }

    /** Whether anything is in the blob's place. */
    boolean isOccupied(Digest digest) {
        return Files.exists(path(digest), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Gives a finished file of {@code size} bytes its name, unless a user keeps that blob elsewhere and has linked it.
     *
     * @param own whether nobody else has that file, so that its rights are the store's to set
     */
    void publish(Path finished, Digest digest, long size, boolean own) throws IOException {
        var place = path(digest);
        if (Files.isSymbolicLink(place) && contains(digest) && size(digest) == size) {
            Files.delete(finished);
        } else if (own) {
            StoreFiles.publish(finished, place);
        } else {
            StoreFiles.replace(finished, place);
        }
    }

    /** Bytes of a blob that is there. */
    long size(Digest digest) {
        var path = path(digest);
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw StoreFiles.failure("read", path, e);
        }
    }

    FileChannel open(Digest digest) {
        var path = path(digest);
        // Looked at before it is opened, since opening a FIFO waits for a writer.
        if (!contains(digest)) {
            throw new StoreFailure("missing from the model store: " + path);
        }
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw StoreFiles.failure("read", path, e);
        }
    }

    PendingBlob upload(Digest digest) {
        StoreFiles.createDirectories(folder);
        return PendingBlob.begin(this, guard, Optional.of(digest));
    }

    PendingBlob unnamed() {
        StoreFiles.createDirectories(folder);
        return PendingBlob.begin(this, guard, Optional.empty());
    }

    /** Begins a blob that comes in parts, or goes on with one. */
    PartialBlob partial(Digest digest, long length, long partLength) {
        StoreFiles.createDirectories(folder);
        return PartialBlob.open(this, guard, digest, length, partLength);
    }

    boolean hasPartial(Digest digest) {
        return StoreFiles.isRegular(folder.resolve(digest.fileName() + PartialBlob.CONTENT_SUFFIX));
    }

    /** Bytes that this user can still write here. */
    long freeSpace() {
        StoreFiles.createDirectories(folder);
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw StoreFiles.failure("open", folder, e);
        }
    }

    /** A file that nobody uses yet, for a blob that is not whole. */
    Path unfinished(Optional<Digest> digest) {
        return folder.resolve(
                digest.map(Digest::fileName).orElse("unnamed") + UNFINISHED_INFIX + StoreFiles.uniqueSuffix());
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

    /** Something here that this program does not write and that was written since {@code recently}, or that locks others out. */
    Optional<Path> writtenByOthers(Instant recently) {
        return StoreFiles.entries(folder).stream()
                .filter(file -> digestOf(file).isEmpty() && !isUnfinished(file) && !isPartial(file))
                .filter(file -> !StoreFiles.isOlder(file, recently)
                        || LOCK.matcher(file.getFileName().toString()).find())
                .findFirst();
    }

    private static boolean isUnfinished(Path file) {
        return UNFINISHED.matcher(file.getFileName().toString()).matches();
    }

    private static boolean isPartial(Path file) {
        return PARTIAL.matcher(file.getFileName().toString()).matches();
    }

    /** Blobs that are not needed and own unfinished files, when they are old enough; of the latter also those of a dead process. */
    List<Upkeep.Unneeded> unneeded(PruneAges ages, Set<Digest> needed) {
        var now = Instant.now();
        return StoreFiles.entries(folder).stream()
                .filter(StoreFiles::isRegular)
                .filter(file -> (isUnfinished(file) && guard.claims().isAbandoned(file))
                        || (StoreFiles.isOlder(file, now.minus(ages.blobs()))
                                && (isUnfinished(file)
                                        || isGivenUp(file, now.minus(ages.parts()))
                                        || isUnneeded(file, needed))))
                .map(file -> new Upkeep.Unneeded(file, file.toFile().length()))
                .toList();
    }

    /** Only what is called as a blob is written: what has another name is somebody else's. */
    private boolean isUnneeded(Path file, Set<Digest> needed) {
        return digestOf(file).filter(digest -> !needed.contains(digest)).isPresent();
    }

    /** Whether nobody goes on with the parts of a blob, of which this is a file. */
    private static boolean isGivenUp(Path file, Instant before) {
        var name = PARTIAL.matcher(file.getFileName().toString());
        return name.matches()
                && (!StoreFiles.isRegular(file.resolveSibling(name.group(1)))
                        || (StoreFiles.isOlder(file, before) && !isBeingWritten(file.resolveSibling(name.group(1)))));
    }

    private static boolean isBeingWritten(Path partial) {
        var state = partial.resolveSibling(
                partial.getFileName().toString().replace(PartialBlob.CONTENT_SUFFIX, PartialBlob.STATE_SUFFIX));
        try (var channel = FileChannel.open(state, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return FileLocks.isTaken(channel);
        } catch (IOException _) {
            return false;
        }
    }

    /** Removes a file that is not needed, unless somebody has begun to need it; gives whether it is gone. */
    boolean remove(Path file) {
        var digest = digestOf(file);
        return digest.isPresent()
                ? guard.unlessNeeded(digest.get(), () -> StoreFiles.deleteQuietly(file))
                : StoreFiles.deleteQuietly(file);
    }

    /** Gives blobs of old servers, {@code sha256:…}, the names of today. */
    void renameOld() {
        for (var file : StoreFiles.entries(folder)) {
            var name = file.getFileName().toString();
            var digest = Digest.tryParse(name);
            if (name.startsWith(OLD_PREFIX)
                    && digest.isPresent()
                    && StoreFiles.isRegular(file)
                    && !isOccupied(digest.get())) {
                rename(file, path(digest.get()));
            }
        }
    }

    private static void rename(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "store.rename failed from={0} to={1} reason=\"{2}\"", from, to, e.getMessage());
        }
    }

    /** Whether the blob is there and is what its name says, whoever left it there. */
    private boolean holds(Digest digest, byte[] content) {
        return contains(digest)
                && size(digest) == content.length
                && Arrays.equals(StoreFiles.readBlob(path(digest), digest, content.length), content);
    }

    private static boolean delete(Path file) {
        try {
            // A folder or a link in the place of a blob is none that was made here.
            return StoreFiles.isRegular(file) && Files.deleteIfExists(file);
        } catch (IOException e) {
            throw StoreFiles.failure("delete", file, e);
        }
    }

    /** Refuses a blob that is not here, or is of another length than its manifest says. */
    void requireWhole(Layer layer) {
        require(layer);
        var length = size(layer.digest());
        if (length != layer.size()) {
            throw new StoreFailure("blob %s has %d bytes and should have %d: pull or create its model again"
                    .formatted(layer.digest().text(), length, layer.size()));
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
