// SPDX-License-Identifier: Apache-2.0
package dev.puna.library;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the headers of a shared library of Linux tell before the linker sees it. The linker maps what they promise without a look
 * at the file's size, and the first touch behind its end kills the process with SIGBUS; and of one for another processor
 * it says that there is no such file. Offsets are those of the ELF-64 format.
 */
final class ElfFile {
    private static final int MAGIC = 0x7f454c46;
    private static final int HEADER = 64;
    private static final int CLASS = 4;
    private static final int CLASS_64 = 2;
    private static final int MACHINE = 0x12;
    private static final int SEGMENTS_OFFSET = 0x20;
    private static final int SEGMENT_COUNT = 0x38;
    private static final int SEGMENT = 56;
    private static final int SEGMENT_TYPE_LOAD = 1;
    private static final int SEGMENT_FILE_OFFSET = 8;
    private static final int SEGMENT_FILE_SIZE = 32;
    private static final Optional<String> CUT_OFF = Optional.of("is cut off");

    /** The numbers of the processors for which this program is made, by the JDK's names of them. */
    private static final Map<String, Integer> MACHINES = Map.of("amd64", 62, "aarch64", 183);

    private ElfFile() {}

    /** What is wrong with a library, as the end of a sentence; empty for whatever is no ELF-64 file. */
    static Optional<String> fault(Path library) throws IOException {
        try (var file = FileChannel.open(library)) {
            var header = read(file, 0, HEADER);
            if (header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC || header.get(CLASS) != CLASS_64) {
                return Optional.empty();
            }
            header.order(ByteOrder.LITTLE_ENDIAN);
            int machine = Short.toUnsignedInt(header.getShort(MACHINE));
            if (machine != MACHINES.getOrDefault(System.getProperty("os.arch"), machine)) {
                return Optional.of("is for another processor than this machine's");
            }
            int count = Short.toUnsignedInt(header.getShort(SEGMENT_COUNT));
            var segments = read(file, header.getLong(SEGMENTS_OFFSET), SEGMENT * count);
            for (int at = 0; at < segments.limit(); at += SEGMENT) {
                long end = segments.getLong(at + SEGMENT_FILE_OFFSET) + segments.getLong(at + SEGMENT_FILE_SIZE);
                if (segments.getInt(at) == SEGMENT_TYPE_LOAD && end > file.size()) {
                    return CUT_OFF;
                }
            }
            return Optional.empty();
        } catch (EOFException e) {
            return CUT_OFF;
        }
    }

    private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }
}
