// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

import dev.puna.number.GoFloat;
import dev.puna.template.value.Value.Bool;
import dev.puna.template.value.Value.Boxed;
import dev.puna.template.value.Value.Complex;
import dev.puna.template.value.Value.Int;
import dev.puna.template.value.Value.Listing;
import dev.puna.template.value.Value.Mapping;
import dev.puna.template.value.Value.None;
import dev.puna.template.value.Value.Octet;
import dev.puna.template.value.Value.Pointer;
import dev.puna.template.value.Value.Real;
import dev.puna.template.value.Value.Struct;
import dev.puna.template.value.Value.Text;
import java.util.Base64;

/**
 * Values as JSON the way Go's {@code json.Marshal} writes it: keys of maps sorted, {@code <}, {@code >} and {@code &} escaped.
 * Texts are rows of bytes. Used by one thread.
 */
public final class JsonText {
    private final StringBuilder out = new StringBuilder();

    private JsonText() {}

    /** JSON of a value; the empty text for what JSON cannot say (infinity, a complex number). */
    public static String of(Value value) {
        var writer = new JsonText();
        return writer.write(value) ? writer.out.toString() : "";
    }

    private boolean write(Value value) {
        return switch (value) {
            case None _ -> append("null");
            case Boxed(var inner) -> write(inner);
            case Bool(var is) -> append(is ? "true" : "false");
            case Int(var number) -> append(Long.toString(number));
            case Octet(var number) -> append(Integer.toString(number));
            case Real(var number) -> real(number);
            case Complex _ -> false;
            case Text(var bytes) -> string(bytes);
            case Listing list -> list(list);
            case Mapping map -> map(map);
            case Struct struct -> struct(struct);
            case Pointer pointer -> pointer.target() == null ? append("null") : write(pointer.target());
        };
    }

    private boolean append(String text) {
        out.append(text);
        return true;
    }

    private boolean real(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return false;
        }
        return append(GoFloat.json(number));
    }

    private boolean string(String bytes) {
        out.append('"');
        for (int i = 0, width; i < bytes.length(); i += width) {
            width = GoText.width(bytes, i);
            var rune = GoText.rune(bytes, i);
            switch (rune) {
                case '"', '\\' -> out.append('\\').append((char) rune);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    var escaped = rune < ' '
                            || rune == '<'
                            || rune == '>'
                            || rune == '&'
                            || rune == 0x2028
                            || rune == 0x2029
                            || (rune == GoText.REPLACEMENT && width == 1);
                    if (escaped) {
                        out.append("\\u%04x".formatted(rune));
                    } else {
                        out.append(bytes, i, i + width);
                    }
                }
            }
        }
        out.append('"');
        return true;
    }

    private boolean list(Listing list) {
        var json = list.type().methods().get("MarshalJSON");
        if (json != null) {
            return append(json.apply(list));
        }
        if (list.absent()) {
            return append("null");
        }
        if (list.type().held().kind() == Kind.UINT8) {
            return string(base64(list));
        }
        out.append('[');
        for (var i = 0; i < list.size(); i++) {
            out.append(i > 0 ? "," : "");
            if (!write(list.get(i))) {
                return false;
            }
        }
        return append("]");
    }

    private static String base64(Listing list) {
        var bytes = new byte[list.size()];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = list.get(i) instanceof Octet(var number) ? (byte) number : 0;
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    private boolean map(Mapping map) {
        if (map.absent()) {
            return append("null");
        }
        var separator = "{";
        for (var entry : map.entries().entrySet()) {
            out.append(separator);
            separator = ",";
            string(entry.getKey());
            out.append(':');
            if (!write(entry.getValue())) {
                return false;
            }
        }
        return append(separator.equals("{") ? "{}" : "}");
    }

    private boolean struct(Struct struct) {
        var json = struct.type().methods().get("MarshalJSON");
        if (json != null) {
            return append(json.apply(struct));
        }
        var separator = "{";
        for (var i = 0; i < struct.values().size(); i++) {
            var field = struct.type().fields().get(i);
            var value = struct.values().get(i);
            if (field.omitEmpty() && empty(value)) {
                continue;
            }
            out.append(separator);
            separator = ",";
            string(field.json());
            out.append(':');
            if (!write(value)) {
                return false;
            }
        }
        return append(separator.equals("{") ? "{}" : "}");
    }

    private static boolean empty(Value value) {
        return switch (value) {
            case None _ -> true;
            case Boxed(var inner) -> inner instanceof None;
            case Bool(var is) -> !is;
            case Int(var number) -> number == 0;
            case Octet(var number) -> number == 0;
            case Real(var number) -> number == 0;
            case Complex _, Struct _ -> false;
            case Text(var bytes) -> bytes.isEmpty();
            case Listing list -> list.size() == 0;
            case Mapping map -> map.entries().isEmpty();
            case Pointer pointer -> pointer.target() == null;
        };
    }
}
