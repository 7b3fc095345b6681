// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the files of a tar archive, one behind the other, as a stream: POSIX, pax and GNU, as the usual programs write them. Whatever is
 * no plain file or folder is refused, and so is a name that would lead out of a folder; sizes are believed only as far as bytes come.
 * An archive that ends within a file is an {@link EOFException}. <b>Threads:</b> one.
 */
final class TarReader {
    private static final int LONGEST_PAX = 1 << 20;
    private static final int LONGEST_NAME = 4096;
    private static final int SKIPPED_AT_ONCE = 1 << 16;
    /** What is read behind the end of an archive, so that the program that writes it into a pipe can end. */
    private static final long DRAINED = 1 << 20;

    /** No disk is larger, and sums of it do not overflow. */
    private static final long LARGEST = 1L << 60;

    private static final int ZIP = 0x504b0304;

    private final ReadableByteChannel channel;
    private final Optional<SeekableByteChannel> file;
    private long left;
    private int padding;
    private boolean begun;

    /** A plain file of the archive, whose content comes next. */
    record Entry(String name, long size) {}

    TarReader(ReadableByteChannel channel) {
        this.channel = requireNonNull(channel, "channel is null");
        file = seekable(channel);
    }

    private static Optional<SeekableByteChannel> seekable(ReadableByteChannel channel) {
        try {
            return channel instanceof SeekableByteChannel file && file.size() > 0 && file.position() >= 0
                    ? Optional.of(file)
                    : Optional.empty();
        } catch (IOException _) {
            // A pipe has no places.
            return Optional.empty();
        }
    }

    /** The next plain file, wherever the one before was left; nothing at the end. */
    Optional<Entry> next() throws IOException {
        var records = new HashMap<String, String>();
        while (true) {
            skip(left + padding);
            left = 0;
            padding = 0;
            var block = block();
            if (block.isEmpty()) {
                return Optional.empty();
            }
            var header = header(block.get());
            expect(header.size());
            switch (header.type()) {
                case TarHeader.PAX -> pax(content(LONGEST_PAX, "a pax header"), records);
                case TarHeader.PAX_FOR_ALL, TarHeader.GNU_LONG_LINK -> content(LONGEST_PAX, "a pax header");
                case TarHeader.GNU_LONG_NAME -> records.put("path", name(content(LONGEST_NAME, "a name")));
                case TarHeader.DIRECTORY -> {
                    checked(records.getOrDefault("path", header.name()));
                    records.clear();
                }
                case TarHeader.FILE -> {
                    return Optional.of(entry(header, records));
                }
                default ->
                    throw new InvalidRequest("the archive holds a %s, '%s', which no archive of models does"
                            .formatted(kind(header.type()), records.getOrDefault("path", header.name())));
            }
        }
    }

    private Entry entry(TarHeader header, Map<String, String> records) {
        if (records.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse"))) {
            throw new InvalidRequest("the archive holds a sparse file: write it anew without --sparse");
        }
        var size = records.get("size");
        if (size != null) {
            expect(size(size));
        }
        return new Entry(checked(records.getOrDefault("path", header.name())), left);
    }

    private void expect(long size) {
        if (size > LARGEST) {
            throw new InvalidRequest("the archive is damaged: an entry has no possible size");
        }
        left = size;
        padding = (int) (-size & (TarHeader.BLOCK - 1));
    }

    /** Reads what comes next of the file's content; -1 at its end. */
    int read(ByteBuffer into) throws IOException {
        if (left == 0) {
            return -1;
        }
        var room = into.limit();
        into.limit((int) Math.min(room, into.position() + left));
        try {
            var read = channel.read(into);
            if (read < 0) {
                throw cutOff();
            }
            left -= read;
            return read;
        } finally {
            into.limit(room);
        }
    }

    /** The whole content of a file that has to be small. */
    byte[] content(int longest, String what) throws IOException {
        if (left > longest) {
            throw new InvalidRequest(
                    "%s of the archive has %d bytes, where at most %d make sense".formatted(what, left, longest));
        }
        var content = ByteBuffer.allocate((int) left);
        while (read(content) >= 0) {
            // Until it is whole.
        }
        return content.array();
    }

    private Optional<byte[]> block() throws IOException {
        var block = ByteBuffer.allocate(TarHeader.BLOCK);
        while (block.hasRemaining() && channel.read(block) >= 0) {
            // Until it is whole, or the archive ends.
        }
        if (!begun) {
            requireTar(block.array(), block.position());
            begun = true;
        }
        if (block.position() == 0 || isEmpty(block.array())) {
            drain();
            return Optional.empty();
        }
        if (block.hasRemaining()) {
            throw cutOff();
        }
        return Optional.of(block.array());
    }

    private void drain() throws IOException {
        var rest = ByteBuffer.allocate(SKIPPED_AT_ONCE);
        for (var drained = 0L; file.isEmpty() && drained < DRAINED; ) {
            var read = channel.read(rest.clear());
            if (read < 0) {
                return;
            }
            drained += read;
        }
    }

    private static TarHeader header(byte[] block) {
        if (!TarHeader.isOne(block)) {
            throw new InvalidRequest("the archive is damaged: get it again");
        }
        return TarHeader.of(block);
    }

    private void skip(long count) throws IOException {
        if (file.isPresent()) {
            var open = file.get();
            if (count > open.size() - open.position()) {
                throw cutOff();
            }
            open.position(open.position() + count);
            return;
        }
        var dropped = ByteBuffer.allocate((int) Math.min(count, SKIPPED_AT_ONCE));
        for (var rest = count; rest > 0; rest -= dropped.position()) {
            dropped.clear().limit((int) Math.min(dropped.capacity(), rest));
            if (channel.read(dropped) < 0) {
                throw cutOff();
            }
        }
    }

    private static void pax(byte[] content, Map<String, String> records) {
        for (var at = 0; at < content.length; ) {
            var space = at;
            while (space < content.length && content[space] != ' ') {
                space++;
            }
            var length = size(new String(content, at, space - at, UTF_8));
            if (length <= space - at || length > content.length - at) {
                throw damagedPax();
            }
            var end = at + (int) length;
            var record = new String(content, space + 1, end - space - 1, UTF_8);
            var equals = record.indexOf('=');
            if (equals < 0 || !record.endsWith("\n")) {
                throw damagedPax();
            }
            records.put(record.substring(0, equals), record.substring(equals + 1, record.length() - 1));
            at = end;
        }
    }

    private static long size(String digits) {
        try {
            var size = Long.parseLong(digits);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw damagedPax();
    }

    private static InvalidRequest damagedPax() {
        return new InvalidRequest("the archive is damaged: a pax header makes no sense");
    }

    private static String name(byte[] content) {
        var text = new String(content, UTF_8);
        var end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /** The name without {@code ./} before it; one that could lead elsewhere is refused. */
    private static String checked(String name) {
        var plain = name.startsWith("./") ? name.substring(2) : name;
        var leadsOut = plain.startsWith("/")
                || plain.indexOf('\0') >= 0
                || plain.indexOf('\\') >= 0
                || ("/" + plain + "/").contains("/../");
        if (leadsOut || plain.length() > LONGEST_NAME) {
            throw new InvalidRequest(
                    "the archive holds '%s', a name that leads out of it: do not trust where it comes from"
                            .formatted(shortened(name)));
        }
        return plain;
    }

    private static String shortened(String name) {
        return name.length() > 80 ? name.substring(0, 80) + "…" : name;
    }

    private static String kind(char type) {
        return switch (type) {
            case '1', '2' -> "link";
            case '3', '4' -> "device file";
            case '6' -> "FIFO";
            case 'S' -> "sparse file";
            default -> "entry of an unknown kind";
        };
    }

    private static boolean isEmpty(byte[] block) {
        for (var octet : block) {
            if (octet != 0) {
                return false;
            }
        }
        return true;
    }

    private static EOFException cutOff() {
        return new EOFException("the archive ends in the middle");
    }

    /** Says what a file is that is no archive, by how it begins. */
    private static void requireTar(byte[] start, int length) {
        if (length == 0) {
            throw new InvalidRequest("the archive is empty");
        }
        var magic = ByteBuffer.wrap(start).getInt();
        var unpack = "unpack it first, as in '%s FILE | puna import'";
        if (magic >>> 16 == 0x1f8b) {
            throw new InvalidRequest("this is a gzip file: " + unpack.formatted("gunzip -c"));
        } else if (magic == 0x28b52ffd) {
            throw new InvalidRequest("this is a zstd file: " + unpack.formatted("zstd -dc"));
        } else if (magic == 0xfd377a58) {
            throw new InvalidRequest("this is an xz file: " + unpack.formatted("xz -dc"));
        } else if (magic == ZIP) {
            throw new InvalidRequest(
                    "this is a zip file, not a tar archive: 'puna export' writes those that can be read here");
        } else if (magic == 0x47475546) {
            throw new InvalidRequest(
                    "this is a GGUF file: 'puna create NAME -f Modelfile' makes a model of it, with 'FROM FILE'");
        } else if (!isEmpty(start) && (length < TarHeader.BLOCK || !TarHeader.isOne(start))) {
            throw new InvalidRequest("this is no tar archive: 'puna export' writes those that can be read here");
        }
    }
}
