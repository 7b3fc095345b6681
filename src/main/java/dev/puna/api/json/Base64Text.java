// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import java.util.List;
import java.util.Optional;

/**
 * A string literal of a request that holds bytes as base64, decoded where it stands if it can be.
 *
 * @param text the request, borrowed
 * @param start where the literal begins, with its quotation mark
 * @param end where it ends
 * @param room for what is made of it
 */
@SuppressWarnings("ArrayRecordComponent") // Borrowed, and never compared.
record Base64Text(byte[] text, int start, int end, Room room) {
    private static final int BYTES = 3;
    private static final int CHARS = 4;

    /** How often base64 with escapes or line ends is there while they are taken out. */
    private static final int COPIES = 3;

    /** The bytes. */
    byte[] bytes() {
        room.take(Room.TEXT + BYTES * (long) length() / CHARS);
        if (GoBase64.isPlain(text, start, end)) {
            return GoBase64.decode(text, start, end);
        }
        var copies = COPIES * (long) length();
        room.borrow(copies);
        var bytes = GoBase64.decode(text, start, end);
        room.giveBack(copies);
        return bytes;
    }

    /** The bytes behind one of several beginnings; nothing if it begins otherwise. */
    Optional<byte[]> bytesAfter(List<String> beginnings) {
        for (var beginning : beginnings) {
            if (startsWith(beginning)) {
                return Optional.of(new Base64Text(text, start + beginning.length(), end, room).bytes());
            }
        }
        // With escapes: some write each slash as one.
        room.take(Room.TEXT + BYTES * (long) length() / CHARS);
        var copies = (COPIES + 2) * (long) length();
        room.borrow(copies);
        var whole = JsonStrings.decode(text, start, end);
        var bytes = beginnings.stream()
                .filter(whole::startsWith)
                .findFirst()
                .map(beginning -> GoBase64.decode(whole.substring(beginning.length())));
        room.giveBack(copies);
        return bytes;
    }

    private int length() {
        return end - start;
    }

    /** Whether it begins so, written without escapes. */
    private boolean startsWith(String ascii) {
        if (length() < ascii.length() + 2) {
            return false;
        }
        for (var at = 0; at < ascii.length(); at++) {
            if (text[start + 1 + at] != ascii.charAt(at)) {
                return false;
            }
        }
        return true;
    }
}
