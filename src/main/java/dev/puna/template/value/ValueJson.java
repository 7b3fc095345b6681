// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

import dev.puna.go.JsonWriter;
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
public final class ValueJson {
    private final StringBuilder out = new StringBuilder();
    private final JsonWriter json = new JsonWriter(out);

    private ValueJson() {}

    /** JSON of a value; the empty text for what JSON cannot say (infinity, a complex number). */
    public static String of(Value value) {
        var writer = new ValueJson();
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

    private boolean append(String written) {
        json.raw(written);
        return true;
    }

    private boolean real(double number) {
        if (!Double.isFinite(number)) {
            return false;
        }
        json.real(number);
        return true;
    }

    private boolean string(String bytes) {
        json.textOfBytes(bytes);
        return true;
    }

    private boolean list(Listing list) {
        var marshal = list.type().methods().get("MarshalJSON");
        if (marshal != null) {
            return append(marshal.apply(list));
        }
        if (list.absent()) {
            return append("null");
        }
        if (list.type().held().kind() == Kind.UINT8) {
            return string(base64(list));
        }
        json.beginArray();
        for (var i = 0; i < list.size(); i++) {
            if (!write(list.get(i))) {
                return false;
            }
        }
        json.endArray();
        return true;
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
        json.beginObject();
        for (var entry : map.entries().entrySet()) {
            json.keyOfBytes(entry.getKey());
            if (!write(entry.getValue())) {
                return false;
            }
        }
        json.endObject();
        return true;
    }

    private boolean struct(Struct struct) {
        var marshal = struct.type().methods().get("MarshalJSON");
        if (marshal != null) {
            return append(marshal.apply(struct));
        }
        json.beginObject();
        for (var i = 0; i < struct.values().size(); i++) {
            var field = struct.type().fields().get(i);
            var value = struct.values().get(i);
            if (field.omitEmpty() && empty(value)) {
                continue;
            }
            json.keyOfBytes(field.json());
            if (!write(value)) {
                return false;
            }
        }
        json.endObject();
        return true;
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
