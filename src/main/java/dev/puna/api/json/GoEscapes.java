// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The characters that Go escapes in JSON strings: controls, what HTML could take for markup, and two line separators. */
final class GoEscapes extends CharacterEscapes {
    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';
    private static final SerializedString LINE = new SerializedString("\\u2028");
    private static final SerializedString PARAGRAPH = new SerializedString("\\u2029");
    private static final SerializedString[] ASCII = IntStream.range(0, 0x80)
            .mapToObj(c -> new SerializedString("\\u%04x".formatted(c)))
            .toArray(SerializedString[]::new);

    @Override
    public int[] getEscapeCodesForAscii() {
        var escapes = standardAsciiEscapesForJSON();
        for (var c = 0; c < escapes.length; c++) {
            if (escapes[c] == ESCAPE_STANDARD || c == '<' || c == '>' || c == '&') {
                escapes[c] = ESCAPE_CUSTOM;
            }
        }
        return escapes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
        return switch (c) {
            case LINE_SEPARATOR -> LINE;
            case PARAGRAPH_SEPARATOR -> PARAGRAPH;
            default -> c < ASCII.length ? ASCII[c] : null;
        };
    }
}
