// SPDX-License-Identifier: Apache-2.0
package dev.puna.library;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What {@code native-libs/prepare} noted of the libraries that it made: a line {@code CRC32 SIZE NAME} for each, both in
 * hexadecimal digits. A library whose inside has been overwritten would otherwise end the process with SIGSEGV, in the
 * linker or whenever that code is reached. They tell damage, not malice.
 *
 * <p>A folder that something else made has no such file, and nothing is told of it.
 */
final class Checksums {
    private static final String FILE = "CHECKSUMS";
    private static final int HEXADECIMAL = 16;
    private static final int CHUNK = 1 << 18;

    /** Backends of graphics cards have hundreds of megabytes, most of which would otherwise not be read at all. */
    private static final long LARGEST_READ = 64 << 20;

    private final Map<String, Note> noted = new HashMap<>();
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);

    private Checksums() {}

    static Checksums of(Path folder) throws IOException {
        var sums = new Checksums();
        var file = folder.resolve(FILE);
        if (Files.isRegularFile(file)) {
            for (var line : Files.readAllLines(file)) {
                sums.note(line.split(" ", 3));
            }
        }
        return sums;
    }

    private void note(String[] words) {
        try {
            var note = new Note(Long.parseLong(words[0], HEXADECIMAL), Long.parseLong(words[1], HEXADECIMAL));
            noted.put(words[2], note);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
            // a line of another version of this file, which tells nothing
        }
    }

    /** True if the file is not what was made; reads all of it unless it is large, a gigabyte in about half a second. */
    boolean areNotOf(Path library) throws IOException {
        var expected = noted.get(library.getFileName().toString());
        return expected != null
                && (expected.size != Files.size(library)
                        || (expected.size <= LARGEST_READ && expected.crc != crc(library)));
    }

    private long crc(Path library) throws IOException {
        var crc = new CRC32();
        try (var file = FileChannel.open(library)) {
            while (file.read(chunk.clear()) >= 0) {
                crc.update(chunk.flip());
            }
        }
        return crc.getValue();
    }

    /** What is known of a library. */
    private record Note(long crc, long size) {}
}
