// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The block before each entry of a tar archive. Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar
 * Format".
 *
 * @param name as it stands there, the prefix included; at most 255 bytes
 * @param size of the content in bytes
 * @param type what the entry is, by POSIX or GNU
 */
record TarHeader(String name, long size, char type) {
    static final int BLOCK = 512;
    /** The largest size that eleven octal digits can tell. */
    static final long LARGEST_OCTAL = (1L << 33) - 1;

    static final char FILE = '0';
    static final char DIRECTORY = '5';
    static final char PAX = 'x';
    static final char PAX_FOR_ALL = 'g';
    static final char GNU_LONG_NAME = 'L';
    static final char GNU_LONG_LINK = 'K';

    private static final int NAME_LENGTH = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_LENGTH = 8;
    private static final int TYPE_AT = 156;
    private static final int MAGIC_AT = 257;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX_LENGTH = 155;
    private static final String POSIX_MAGIC = "ustar\0";

    TarHeader {
        requireNonNull(name, "name is null");
    }

    /** The block of a file of nobody and of no time, so that the same content makes the same archive. */
    byte[] block() {
        var block = new byte[BLOCK];
        put(block, 0, name);
        put(block, NAME_LENGTH, "0000644\0" + "0000000\0" + "0000000\0");
        put(block, SIZE_AT, "%011o\0".formatted(Math.min(size, LARGEST_OCTAL)) + "00000000000\0");
        block[TYPE_AT] = (byte) type;
        put(block, MAGIC_AT, POSIX_MAGIC + "00");
        put(block, CHECKSUM_AT, "%06o\0 ".formatted(checksum(block)));
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        var bytes = text.getBytes(UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** Whether a block is a header: its checksum says so, by the sum that POSIX wants or the one of old programs. */
    static boolean isOne(byte[] block) {
        try {
            var said = number(block, CHECKSUM_AT, CHECKSUM_LENGTH);
            return said == checksum(block) || said == signedChecksum(block);
        } catch (InvalidRequest _) {
            return false;
        }
    }

    /** Reads a block that {@link #isOne}. */
    static TarHeader of(byte[] block) {
        var name = text(block, 0, NAME_LENGTH);
        var isPosix = new String(block, MAGIC_AT, POSIX_MAGIC.length(), ISO_8859_1).equals(POSIX_MAGIC);
        var prefix = isPosix ? text(block, PREFIX_AT, PREFIX_LENGTH) : "";
        var type = (char) (block[TYPE_AT] == 0 ? FILE : block[TYPE_AT] & 0xff);
        if (type == '7') {
            type = FILE;
        }
        if (type == FILE && name.endsWith("/")) {
            type = DIRECTORY;
        }
        var hasContent = type != DIRECTORY;
        return new TarHeader(
                prefix.isEmpty() ? name : prefix + "/" + name,
                hasContent ? number(block, SIZE_AT, SIZE_LENGTH) : 0,
                type);
    }

    private static long checksum(byte[] block) {
        var sum = 0L;
        for (var i = 0; i < BLOCK; i++) {
            sum += isOfChecksum(i) ? ' ' : block[i] & 0xff;
        }
        return sum;
    }

    private static long signedChecksum(byte[] block) {
        var sum = 0L;
        for (var i = 0; i < BLOCK; i++) {
            sum += isOfChecksum(i) ? ' ' : block[i];
        }
        return sum;
    }

    private static boolean isOfChecksum(int at) {
        return at >= CHECKSUM_AT && at < CHECKSUM_AT + CHECKSUM_LENGTH;
    }

    private static String text(byte[] block, int at, int length) {
        var end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return new String(block, at, end - at, UTF_8);
    }

    /** Octal digits among spaces, or, where the first bit is set, a binary number as GNU tar writes it. */
    private static long number(byte[] block, int at, int length) {
        if ((block[at] & 0x80) != 0) {
            return binary(Arrays.copyOfRange(block, at, at + length));
        }
        var digits = text(block, at, length).strip();
        if (digits.isEmpty()) {
            return 0;
        }
        if (!digits.chars().allMatch(digit -> digit >= '0' && digit <= '7')) {
            throw new InvalidRequest("the archive is damaged: a number in it is none");
        }
        return Long.parseLong(digits, 8);
    }

    private static long binary(byte[] field) {
        var isNegative = (field[0] & 0x40) != 0;
        field[0] &= 0x7f;
        var value = new BigInteger(1, field);
        if (isNegative || value.bitLength() >= Long.SIZE) {
            throw new InvalidRequest("the archive is damaged: an entry has no possible size");
        }
        return value.longValue();
    }
}
