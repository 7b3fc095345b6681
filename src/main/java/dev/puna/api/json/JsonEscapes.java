// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.puna.go.JsonWriter;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The characters that Go escapes in JSON strings: controls, what HTML could take for markup, and two line separators. */
final class JsonEscapes extends CharacterEscapes {
    private static final int ASCII_END = 0x80;
    private static final SerializedString LINE = escape(0x2028);
    private static final SerializedString PARAGRAPH = escape(0x2029);
    private static final SerializedString[] ASCII =
            IntStream.range(0, ASCII_END).mapToObj(JsonEscapes::escape).toArray(SerializedString[]::new);

    @Override
    public int[] getEscapeCodesForAscii() {
        return IntStream.range(0, ASCII_END)
                .map(c -> JsonWriter.escape(c).isEmpty() ? ESCAPE_NONE : ESCAPE_CUSTOM)
                .toArray();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
        return c < ASCII_END ? ASCII[c] : separator(c);
    }

    private static @Nullable SerializableString separator(int c) {
        return c == 0x2028 ? LINE : c == 0x2029 ? PARAGRAPH : null;
    }

    private static SerializedString escape(int c) {
        return new SerializedString(JsonWriter.escape(c));
    }
}
