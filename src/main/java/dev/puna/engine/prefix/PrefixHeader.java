// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The beginning of a file: what its state is of. All numbers have their least significant byte first.
 *
 * <p>8 bytes that name the format and its version, the SHA-256 of the key, the count of tokens (4), the bytes of state (8), the
 * tokens (4 each), the SHA-256 of all of this. Then comes the state, and the SHA-256 of the whole file up to there.
 *
 * @param key what makes the state of use to a model and a context
 * @param stateBytes bytes of the state
 */
record PrefixHeader(Digest key, int[] tokens, long stateBytes) {
    private static final byte[] MAGIC = "PUNAKV01".getBytes(US_ASCII);
    private static final int HASH = 32;
    private static final int FIXED = MAGIC.length + HASH + Integer.BYTES + Long.BYTES;

    /** More than any context. */
    private static final int MOST_TOKENS = 1 << 24;

    /** All bytes of a file with it. */
    long fileBytes() {
        return fileBytes(tokens.length, stateBytes);
    }

    /** All bytes of a file with so many tokens and bytes of state. */
    static long fileBytes(int tokens, long stateBytes) {
        return FIXED + (long) Integer.BYTES * tokens + HASH + stateBytes + HASH;
    }

    /** As the file begins, ready to be written. */
    ByteBuffer bytes() {
        var all = new byte[FIXED + Integer.BYTES * tokens.length + HASH];
        var bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC)
                .put(HexFormat.of().parseHex(key.hex()))
                .putInt(tokens.length)
                .putLong(stateBytes);
        for (var token : tokens) {
            bytes.putInt(token);
        }
        bytes.put(hash(all, bytes.position()));
        return bytes.flip();
    }

    /**
     * Reads the header of a file and holds it against the file's size; the channel is then where the state begins.
     *
     * @throws PrefixFormatException saying what is wrong with the file
     */
    static PrefixHeader read(FileChannel file) throws IOException {
        var size = file.size();
        var fixed = filled(file, FIXED, size);
        var magic = new byte[MAGIC.length];
        fixed.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new PrefixFormatException("it is no prefix, or one of another version", false);
        }
        var key = new byte[HASH];
        fixed.get(key);
        var count = fixed.getInt();
        var stateBytes = fixed.getLong();
        if (count < 1 || count > MOST_TOKENS || stateBytes < 1) {
            throw new PrefixFormatException("its header makes no sense", true);
        }
        var rest = filled(file, Integer.BYTES * count + HASH, size);
        var tokens = new int[count];
        for (var i = 0; i < count; i++) {
            tokens[i] = rest.getInt();
        }
        var header = new PrefixHeader(new Digest(HexFormat.of().formatHex(key)), tokens, stateBytes);
        if (!header.bytes()
                .limit(FIXED + Integer.BYTES * count + HASH)
                .slice(FIXED, rest.limit())
                .equals(rest.rewind())) {
            throw new PrefixFormatException("its header does not match its checksum", true);
        }
        if (header.fileBytes() != size) {
            throw new PrefixFormatException("it has " + size + " bytes instead of " + header.fileBytes(), true);
        }
        return header;
    }

    private static ByteBuffer filled(FileChannel file, int bytes, long size) throws IOException {
        if (file.position() + bytes > size) {
            throw new PrefixFormatException("it is cut short", true);
        }
        var buffer = buffer(bytes);
        while (buffer.hasRemaining()) {
            if (file.read(buffer) < 0) {
                throw new PrefixFormatException("it is cut short", true);
            }
        }
        return buffer.flip();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] hash(byte[] bytes, int count) {
        var hash = Digest.newHash();
        hash.update(bytes, 0, count);
        return hash.digest();
    }
}
