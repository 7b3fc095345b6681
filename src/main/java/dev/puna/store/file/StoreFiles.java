// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.file;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** How the store touches the disk: only regular files, only whole files, and failures that say what to do. */
public final class StoreFiles {
    private static final String REMEDY = "change the rights to it, or set PUNA_MODELS to another folder";

    private StoreFiles() {}

    /** A number no other writer uses, for the names of unfinished files. */
    public static String uniqueSuffix() {
        return "%016x".formatted(ThreadLocalRandom.current().nextLong());
    }

    /** A folder of the store, which may be a link to another disk; links inside of it are not followed. */
    public static Path folder(Path root, String name) {
        var folder = root.resolve(name);
        try {
            return Files.isSymbolicLink(folder) && Files.isDirectory(folder) ? folder.toRealPath() : folder;
        } catch (IOException e) {
            throw failure("open", folder, e);
        }
    }

    public static boolean isRegular(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    public static boolean isDirectory(Path directory) {
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
    }

    /** The whole of a regular file of at most {@code longest} bytes. */
    public static byte[] read(Path file, int longest) {
        // Looked at before it is opened, since opening a FIFO waits for a writer.
        if (!isRegular(file)) {
            throw new StoreFailure(
                    Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                            ? "not a regular file: " + file
                            : "missing from the model store: " + file);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                var stream = Channels.newInputStream(channel)) {
            var content = stream.readNBytes(longest + 1);
            if (content.length > longest) {
                throw new StoreFailure("larger than " + longest + " bytes: " + file);
            }
            return content;
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    /** The whole of a blob; one that is a link to elsewhere must hold what its name says, since anything can be there. */
    public static byte[] readBlob(Path file, Digest digest, int longest) {
        if (!Files.isSymbolicLink(file)) {
            return read(file, longest);
        }
        try {
            var content = read(file.toRealPath(), longest);
            if (!Digest.of(content).equals(digest)) {
                throw new StoreFailure("a link to a file that is not what its name says: " + file);
            }
            return content;
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    /** A new file for one writer, readable by all. */
    public static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    public static void writeFully(FileChannel channel, ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    /** Moves a finished file to its place, whatever is there, so that it survives a power cut. */
    public static void publish(Path finished, Path place) throws IOException {
        if (finished.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(finished, PosixFilePermissions.fromString("rw-r--r--"));
        }
        replace(finished, place);
    }

    /** Moves a file or a link to its place, whatever is there, so that it survives a power cut. */
    public static void replace(Path finished, Path place) throws IOException {
        Files.move(finished, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory(place.resolveSibling("."));
    }

    /** Makes {@code place} hold {@code content}, at once and for good. */
    public static void writeAtomically(Path unfinished, Path place, byte[] content) {
        try {
            try (var channel = create(unfinished)) {
                writeFully(channel, ByteBuffer.wrap(content));
                channel.force(true);
            }
            publish(unfinished, place);
        } catch (IOException e) {
            deleteQuietly(unfinished);
            throw failure("write", place, e);
        }
    }

    /** The entries of a directory, or none when it is not one. */
    public static List<Path> entries(Path directory) {
        if (!isDirectory(directory)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw failure("read", directory, e);
        }
    }

    /** Refuses a folder in which nothing could be found; one that is not there is none. */
    public static void requireReadable(Path directory) {
        if (isDirectory(directory) && !(Files.isReadable(directory) && Files.isExecutable(directory))) {
            throw failure("read", directory, new AccessDeniedException(directory.toString()));
        }
    }

    public static void createDirectories(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new StoreFailure("not a directory: " + directory + "; set PUNA_MODELS to another folder", e);
        } catch (IOException e) {
            throw failure("create", directory, e);
        }
    }

    /** Makes one directory, where there may be nothing but a directory. */
    public static void createDirectory(Path directory) {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!isDirectory(directory)) {
                throw new StoreFailure("not a directory: " + directory, e);
            }
        } catch (IOException e) {
            throw failure("create", directory, e);
        }
    }

    /** Whether the file was there and is gone; what stays behind is removed by the next prune. */
    public static boolean deleteQuietly(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException _) {
            return false;
        }
    }

    public static boolean isOlder(Path file, Instant before) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(before);
        } catch (IOException _) {
            return false;
        }
    }

    public static StoreFailure failure(String tried, Path on, IOException cause) {
        var reason = reason(cause);
        var lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return new StoreFailure(
                    "no space left on the disk of " + on.getParent() + ": free some and try again", cause);
        }
        if (cause instanceof AccessDeniedException || lower.contains("read-only") || lower.contains("not permitted")) {
            var forbidden = tried.equals("read") || tried.equals("open") ? "may not be read by" : "is read-only for";
            return new StoreFailure(
                    "cannot " + tried + " " + on + ": the model store " + forbidden + " this user; " + REMEDY, cause);
        }
        return new StoreFailure("cannot " + tried + " " + on + ": " + reason, cause);
    }

    private static void syncDirectory(Path directory) {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException _) {
            // Not every file system lets a directory be opened or synced; those that do not need no sync.
        }
    }

    private static String reason(IOException cause) {
        if (cause instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
