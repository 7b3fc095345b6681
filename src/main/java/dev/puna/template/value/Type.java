// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A type as Go names it.
 *
 * @param name as Go prints it, {@code map[string]interface {}}
 * @param kind what its values are
 * @param element what a slice, map or pointer holds; null for other kinds
 * @param fields of a struct, in order
 * @param methods what a template may call on a value: none takes an argument, each gives a string; {@code String} also decides
 *     how the value prints
 */
public record Type(
        String name,
        Kind kind,
        @Nullable Type element,
        List<Field> fields,
        Map<String, Function<Value, String>> methods) {
    public static final Type BOOL = basic("bool", Kind.BOOL);
    public static final Type INT = basic("int", Kind.INT);
    public static final Type UINT8 = basic("uint8", Kind.UINT8);
    public static final Type FLOAT = basic("float64", Kind.FLOAT);
    public static final Type COMPLEX = basic("complex128", Kind.COMPLEX);
    public static final Type STRING = basic("string", Kind.STRING);
    public static final Type ANY = basic("interface {}", Kind.INTERFACE);
    public static final Type LIST = slice("[]interface {}", ANY);
    public static final Type STRINGS = slice("[]string", STRING);
    public static final Type OBJECT = map("map[string]interface {}", ANY);

    /** Copies list and map. */
    public Type {
        requireNonNull(name, "name is null");
        requireNonNull(kind, "kind is null");
        fields = List.copyOf(fields);
        methods = Map.copyOf(methods);
    }

    /**
     * A field of a struct.
     *
     * @param name in Go
     * @param json its key in JSON
     * @param omitEmpty whether JSON leaves it out when it is empty
     */
    public record Field(String name, String json, boolean omitEmpty, Type type) {}

    private static Type basic(String name, Kind kind) {
        return new Type(name, kind, null, List.of(), Map.of());
    }

    /** A slice's type. */
    public static Type slice(String name, Type element) {
        return new Type(name, Kind.SLICE, element, List.of(), Map.of());
    }

    /** A map's type; keys are always strings. */
    public static Type map(String name, Type element) {
        return new Type(name, Kind.MAP, element, List.of(), Map.of());
    }

    /** A struct's type. */
    public static Type struct(String name, Field... fields) {
        return new Type(name, Kind.STRUCT, null, List.of(fields), Map.of());
    }

    /** The type of pointers to values of this one. */
    public Type pointer() {
        return new Type("*" + name, Kind.POINTER, this, List.of(), methods);
    }

    /** The same type with a method. */
    public Type with(String method, Function<Value, String> body) {
        var more = new HashMap<>(methods);
        more.put(method, body);
        return new Type(name, kind, element, fields, more);
    }

    /** What a slice, map or pointer holds. */
    public Type held() {
        return requireNonNull(element, "type holds nothing");
    }

    /** The value that a variable of the type has before anything is put there. */
    public Value zero() {
        return switch (kind) {
            case INVALID -> Value.None.VALUE;
            case BOOL -> Value.of(false);
            case INT -> Value.of(0);
            case UINT8 -> new Value.Octet(0);
            case FLOAT -> new Value.Real(0);
            case COMPLEX -> new Value.Complex(0, 0);
            case STRING -> Value.Text.EMPTY;
            case SLICE -> Value.Listing.absent(this);
            case MAP -> Value.Mapping.absent(this);
            case STRUCT ->
                new Value.Struct(
                        this, fields.stream().map(field -> field.type().zero()).toList());
            case POINTER -> new Value.Pointer(this, null);
            case INTERFACE -> Value.Boxed.NIL;
        };
    }
}
