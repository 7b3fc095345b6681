// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes files into a tar archive, one behind the other, as a stream. What a header has no room for, a size of 8 GiB and more, stands in
 * a pax record before it, which all programs of today read. <b>Threads:</b> one.
 */
final class TarWriter {
    private final WritableByteChannel channel;
    private long left;
    private int padding;

    TarWriter(WritableByteChannel channel) {
        this.channel = requireNonNull(channel, "channel is null");
    }

    /** Writes a file that is small. */
    void file(String name, byte[] content) throws IOException {
        begin(name, content.length);
        write(ByteBuffer.wrap(content));
        end();
    }

    /** Starts a file of so many bytes. */
    void begin(String name, long size) throws IOException {
        if (size > TarHeader.LARGEST_OCTAL) {
            var record = sizeRecord(size).getBytes(UTF_8);
            start("pax", record.length, TarHeader.PAX);
            write(ByteBuffer.wrap(record));
            end();
        }
        start(name, size, TarHeader.FILE);
    }

    /** Writes the next bytes of the file, all of them. */
    void write(ByteBuffer content) throws IOException {
        if (content.remaining() > left) {
            throw new IllegalStateException("more bytes than the entry was said to have");
        }
        left -= content.remaining();
        writeFully(content);
    }

    /** Ends the file, of which nothing may be missing. */
    void end() throws IOException {
        if (left != 0) {
            throw new IllegalStateException(left + " bytes of the entry are missing");
        }
        writeFully(ByteBuffer.allocate(padding));
    }

    /** Ends the archive. */
    void finish() throws IOException {
        writeFully(ByteBuffer.allocate(2 * TarHeader.BLOCK));
    }

    private void start(String name, long size, char type) throws IOException {
        writeFully(ByteBuffer.wrap(new TarHeader(name, size, type).block()));
        left = size;
        padding = (int) (-size & (TarHeader.BLOCK - 1));
    }

    /** The record's length counts itself; with sizes from 8 GiB it always has two digits. */
    private static String sizeRecord(long size) {
        var rest = " size=" + size + "\n";
        return rest.length() + 2 + rest;
    }

    private void writeFully(ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }
}
