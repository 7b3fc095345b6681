// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Set;

/**
 * Reads GGUF files, versions 2 and 3, little-endian.
 *
 * <p>What is refused, with an {@link InvalidRequest} that says why: a file cut short anywhere, counts, lengths and
 * dimensions beyond the limits of contract 9.1, unknown types, names given twice, a bad alignment, tensors outside of the
 * file, and (unless {@link Option#STRUCTURE_ONLY}) metadata that no model can have, contract 9.2. Only regular files are
 * opened, and links are not followed. <b>Threads:</b> any.
 */
public final class Gguf {
    static final int MAGIC = 0x46554747;

    /** How much of a file to take in and to check. */
    public enum Option {
        /** Keep the elements of every array, not only of short ones. */
        ALL_ARRAYS,
        /** Check the structure only: for vocabularies without weights and other partial files. */
        STRUCTURE_ONLY
    }

    private Gguf() {}

    /** Reads and checks the header of a file. */
    public static GgufFile read(Path path, Option... options) {
        var chosen = EnumSet.noneOf(Option.class);
        chosen.addAll(Set.of(options));
        try (var channel = open(path)) {
            var input = new GgufInput(channel);
            var file = new HeaderParser(input, chosen.contains(Option.ALL_ARRAYS)).parse();
            if (!chosen.contains(Option.STRUCTURE_ONLY)) {
                ModelChecks.check(file);
            }
            return file;
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** Whether a file begins as a GGUF file does; says nothing about the rest. */
    public static boolean isGguf(Path path) {
        try (var channel = open(path)) {
            var magic = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (magic.hasRemaining() && channel.read(magic) >= 0) {
                // a read may return less than asked
            }
            return !magic.hasRemaining() && magic.getInt(0) == MAGIC;
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static FileChannel open(Path path) throws IOException {
        try {
            // Looked at before it is opened, since opening a FIFO waits for a writer.
            var attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new InvalidRequest("not a regular file: " + path);
            }
            return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            throw new InvalidRequest("open " + path + ": no such file or directory");
        }
    }
}
