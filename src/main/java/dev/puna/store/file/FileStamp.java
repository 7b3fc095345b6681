// SPDX-License-Identifier: Apache-2.0
package dev.puna.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was when it was looked at. One with another stamp holds other bytes; that one with the same holds the same is as good
 * a guess as {@code make} makes, and costs no reading.
 *
 * @param file its path without links
 * @param size in bytes
 * @param modifiedAt when it was last written
 */
public record FileStamp(Path file, long size, Instant modifiedAt) {
    /** Refuses null. */
    public FileStamp {
        requireNonNull(file, "file is null");
        requireNonNull(modifiedAt, "modifiedAt is null");
    }

    /** The stamp of a regular file, or nothing where there is none. */
    public static Optional<FileStamp> of(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile()
                    ? Optional.of(new FileStamp(
                            file,
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** What stands for the digest of the bytes, which would take seconds for each gigabyte. */
    public Digest standIn() {
        return Digest.of("file of no store\n%s\n%d\n%s\n"
                .formatted(file, size, modifiedAt)
                .getBytes(UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileStamp that
                && size == that.size
                && modifiedAt.equals(that.modifiedAt)
                && file.equals(that.file);
    }
}
