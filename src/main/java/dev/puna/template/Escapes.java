// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.go.GoText;

/** {@code html}, {@code js} and {@code urlquery}; texts are rows of bytes. */
final class Escapes {
    private static final String HEX = "0123456789ABCDEF";
    private static final int ASCII = 0x80;

    private Escapes() {}

    static String html(String bytes) {
        var out = new StringBuilder(bytes.length());
        for (var i = 0; i < bytes.length(); i++) {
            var character = bytes.charAt(i);
            switch (character) {
                case '\0' -> GoText.append(out, GoText.REPLACEMENT);
                case '"' -> out.append("&#34;");
                case '\'' -> out.append("&#39;");
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                default -> out.append(character);
            }
        }
        return out.toString();
    }

    static String javaScript(String bytes) {
        var out = new StringBuilder(bytes.length());
        for (int i = 0, width; i < bytes.length(); i += width) {
            width = GoText.width(bytes, i);
            var rune = GoText.rune(bytes, i);
            switch (rune) {
                case '\\', '\'', '"' -> out.append('\\').append((char) rune);
                case '<', '>', '&', '=' -> out.append("\\u%04X".formatted(rune));
                default -> {
                    if (rune < ASCII ? rune >= ' ' : GoText.printable(rune)) {
                        out.append(bytes, i, i + width);
                    } else {
                        out.append("\\u%04X".formatted(rune));
                    }
                }
            }
        }
        return out.toString();
    }

    static String urlQuery(String bytes) {
        var out = new StringBuilder(bytes.length());
        for (var i = 0; i < bytes.length(); i++) {
            var character = bytes.charAt(i);
            if ((character < ASCII && Character.isLetterOrDigit(character)) || "-_.~".indexOf(character) >= 0) {
                out.append(character);
            } else if (character == ' ') {
                out.append('+');
            } else {
                out.append('%').append(HEX.charAt(character >> 4)).append(HEX.charAt(character & 15));
            }
        }
        return out.toString();
    }
}
