// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import static java.util.Objects.requireNonNull;

/**
 * Appends JSON piece by piece as Go's {@code encoding/json} writes it: no space, controls and what HTML could take for markup
 * escaped, floats in Go's form. The caller opens and closes objects and arrays in pairs; commas are set here.
 *
 * <p><b>Threads:</b> one.
 */
public final class JsonWriter {
    private final StringBuilder out;
    private boolean afterValue;

    /** A writer that appends to {@code out}, which remains the caller's. */
    public JsonWriter(StringBuilder out) {
        this.out = requireNonNull(out, "out is null");
    }

    /**
     * What stands for a code point in a JSON string.
     *
     * @return an escape; the empty text for a code point that stands for itself
     */
    public static String escape(int point) {
        return switch (point) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '<', '>', '&', 0x2028, 0x2029 -> unicode(point);
            default -> point < ' ' ? unicode(point) : "";
        };
    }

    private static String unicode(int point) {
        return "\\u%04x".formatted(point);
    }

    public void beginObject() {
        begin('{');
    }

    public void endObject() {
        end('}');
    }

    public void beginArray() {
        begin('[');
    }

    public void endArray() {
        end(']');
    }

    /** The key of the value that comes next. */
    public void key(String text) {
        text(text);
        colon();
    }

    /** The key of the value that comes next, as a row of bytes ({@link GoText}). */
    public void keyOfBytes(String bytes) {
        textOfBytes(bytes);
        colon();
    }

    /** A string; halves of surrogate pairs become U+FFFD. */
    public void text(String text) {
        open().append('"');
        for (int i = 0, width; i < text.length(); i += width) {
            var point = text.codePointAt(i);
            width = Character.charCount(point);
            var lone = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            append(text, i, width, lone ? unicode(GoText.REPLACEMENT) : escape(point));
        }
        out.append('"');
    }

    /** A string given as a row of bytes ({@link GoText}), and written as one; bytes that are not UTF-8 become U+FFFD. */
    public void textOfBytes(String bytes) {
        open().append('"');
        for (int i = 0, width; i < bytes.length(); i += width) {
            width = GoText.width(bytes, i);
            var rune = GoText.rune(bytes, i);
            append(bytes, i, width, width == 1 && rune == GoText.REPLACEMENT ? unicode(rune) : escape(rune));
        }
        out.append('"');
    }

    /** A float64, which must be finite. */
    public void real(double number) {
        raw(GoFloat.json(number));
    }

    /** JSON that is written already: a whole number, a truth value, null, the text of another writer. */
    public void raw(String json) {
        open().append(json);
    }

    private void append(String text, int from, int length, String escape) {
        if (escape.isEmpty()) {
            out.append(text, from, from + length);
        } else {
            out.append(escape);
        }
    }

    private void begin(char bracket) {
        open().append(bracket);
        afterValue = false;
    }

    private void end(char bracket) {
        out.append(bracket);
        afterValue = true;
    }

    private void colon() {
        out.append(':');
        afterValue = false;
    }

    private StringBuilder open() {
        if (afterValue) {
            out.append(',');
        }
        afterValue = true;
        return out;
    }
}
