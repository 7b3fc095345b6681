// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Whether a shared library of Linux is all there. The linker maps what its headers promise without a look at the file's
 * size, and the first touch behind its end kills the process with SIGBUS. Offsets are those of the ELF-64 format.
 */
final class ElfFile {
    private static final int MAGIC = 0x7f454c46;
    private static final int HEADER = 64;
    private static final int CLASS = 4;
    private static final int CLASS_64 = 2;
    private static final int SEGMENTS_OFFSET = 0x20;
    private static final int SEGMENT_COUNT = 0x38;
    private static final int SEGMENT = 56;
    private static final int SEGMENT_TYPE_LOAD = 1;
    private static final int SEGMENT_FILE_OFFSET = 8;
    private static final int SEGMENT_FILE_SIZE = 32;

    private ElfFile() {}

    /** True if a segment that would be mapped lies outside the file; false for whatever is no ELF-64 file. */
    static boolean isCutOff(Path library) throws IOException {
        try (var file = FileChannel.open(library)) {
            var header = read(file, 0, HEADER);
            if (header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC || header.get(CLASS) != CLASS_64) {
                return false;
            }
            header.order(ByteOrder.LITTLE_ENDIAN);
            int count = Short.toUnsignedInt(header.getShort(SEGMENT_COUNT));
            var segments = read(file, header.getLong(SEGMENTS_OFFSET), SEGMENT * count);
            for (int at = 0; at < segments.limit(); at += SEGMENT) {
                long end = segments.getLong(at + SEGMENT_FILE_OFFSET) + segments.getLong(at + SEGMENT_FILE_SIZE);
                if (segments.getInt(at) == SEGMENT_TYPE_LOAD && end > file.size()) {
                    return true;
                }
            }
            return false;
        } catch (EOFException e) {
            return true;
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
