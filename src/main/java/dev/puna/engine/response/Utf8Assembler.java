// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/**
 * Makes whole characters of the bytes of tokens, which may end in the middle of one.
 *
 * <p>Bytes that can never become a character read as U+FFFD; a character that is never finished is left out, as by llama.cpp's
 * server. Not thread-safe.
 */
final class Utf8Assembler {

    private final CharsetDecoder decoder = UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer pending = ByteBuffer.allocate(64);

    /** The characters that are complete with these bytes; the rest waits. */
    String add(byte[] bytes) {
        if (pending.position() == 0 && isAscii(bytes)) {
            return new String(bytes, UTF_8);
        }
        if (pending.remaining() < bytes.length) {
            pending =
                    ByteBuffer.allocate((pending.position() + bytes.length) * 2).put(pending.flip());
        }
        pending.put(bytes);
        return decode();
    }

    private String decode() {
        pending.flip();
        var characters = CharBuffer.allocate(pending.remaining() + 1);
        decoder.decode(pending, characters, false);
        pending.compact();
        return characters.flip().toString();
    }

    private static boolean isAscii(byte[] bytes) {
        for (var b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
