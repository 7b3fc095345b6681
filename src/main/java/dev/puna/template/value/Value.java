// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.value;

import static java.util.Objects.requireNonNull;

import dev.puna.go.GoText;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A value as Go's reflection shows it to a template. Equal values are equal records, but for pointers.
 *
 * <p>Slots whose type is an interface (the elements of a {@code []interface {}}) give a {@link Boxed}, as in Go, since what a
 * template may do with one differs: errors name the interface, and a nil inside it is a value of its own.
 */
public sealed interface Value {
    Type type();

    default Kind kind() {
        return type().kind();
    }

    /** A boolean. */
    static Value of(boolean value) {
        return value ? Bool.TRUE : Bool.FALSE;
    }

    /** An int. */
    static Value of(long value) {
        return new Int(value);
    }

    /** A string out of a Java text. */
    static Text of(String text) {
        return new Text(GoText.bytes(text));
    }

    /** What the interface holds, or the value itself. */
    default Value bare() {
        return this instanceof Boxed(var inner) ? inner : this;
    }

    /** No value: an untyped nil. */
    record None() implements Value {
        /** The only one. */
        public static final None VALUE = new None();

        @Override
        public Type type() {
            throw new GoPanic("reflect: call of reflect.Value.Type on zero Value");
        }

        @Override
        public Kind kind() {
            return Kind.INVALID;
        }
    }

    record Bool(boolean is) implements Value {
        private static final Bool TRUE = new Bool(true);
        private static final Bool FALSE = new Bool(false);

        @Override
        public Type type() {
            return Type.BOOL;
        }
    }

    record Int(long number) implements Value {
        @Override
        public Type type() {
            return Type.INT;
        }
    }

    /** One byte, as indexing a string gives it; 0 to 255. */
    record Octet(int number) implements Value {
        @Override
        public Type type() {
            return Type.UINT8;
        }
    }

    record Real(double number) implements Value {
        @Override
        public Type type() {
            return Type.FLOAT;
        }
    }

    record Complex(double real, double imaginary) implements Value {
        @Override
        public Type type() {
            return Type.COMPLEX;
        }
    }

    /** A string: one character a byte. */
    record Text(String bytes) implements Value {
        /** The empty string. */
        public static final Text EMPTY = new Text("");

        @Override
        public Type type() {
            return Type.STRING;
        }
    }

    /**
     * A slice: the part of a backing list from one index to another. What the backing list has behind it is its capacity.
     *
     * @param absent whether it is nil rather than empty
     */
    record Listing(Type type, List<? extends Value> backing, int from, int to, boolean absent) implements Value {
        /** All of a list, which is not copied and must not change. */
        public static Listing of(Type type, List<? extends Value> elements) {
            return new Listing(type, elements, 0, elements.size(), false);
        }

        /** A nil slice. */
        public static Listing absent(Type type) {
            return new Listing(type, List.of(), 0, 0, true);
        }

        public int size() {
            return to - from;
        }

        public int capacity() {
            return backing.size() - from;
        }

        /** The slot at an index. */
        public Value get(int index) {
            return slot(type.held(), backing.get(from + index));
        }
    }

    /**
     * A map with strings for keys.
     *
     * @param absent whether it is nil rather than empty
     */
    record Mapping(Type type, SortedMap<String, Value> entries, boolean absent) implements Value {
        /** A map of interfaces; copies the entries. */
        public static Mapping of(SortedMap<String, Value> entries) {
            return new Mapping(Type.OBJECT, Collections.unmodifiableSortedMap(new TreeMap<>(entries)), false);
        }

        /** A nil map. */
        public static Mapping absent(Type type) {
            return new Mapping(type, Collections.emptySortedMap(), true);
        }

        /** The slot of a key; null if there is none. */
        public @Nullable Value get(String key) {
            var value = entries.get(key);
            return value == null ? null : slot(type.held(), value);
        }
    }

    /** A struct: values in the order of its type's fields. */
    record Struct(Type type, List<Value> values) implements Value {
        public Struct {
            values = List.copyOf(values);
        }

        /** The slot of a field; null if there is none. */
        public @Nullable Value get(String field) {
            for (var i = 0; i < values.size(); i++) {
                if (type.fields().get(i).name().equals(field)) {
                    return get(i);
                }
            }
            return null;
        }

        /** The slot at an index. */
        public Value get(int index) {
            return slot(type.fields().get(index).type(), values.get(index));
        }
    }

    /** A pointer; null for nil. */
    record Pointer(Type type, @Nullable Value target) implements Value {
        /** A pointer to a value. */
        public static Pointer to(Value target) {
            return new Pointer(target.type().pointer(), target);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Pointer pointer && pointer.target == target;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(target);
        }
    }

    /** An interface and what it holds, {@link None} if that is nil. */
    record Boxed(Value inner) implements Value {
        /** An interface that holds nothing. */
        public static final Boxed NIL = new Boxed(None.VALUE);

        public Boxed {
            requireNonNull(inner, "inner is null");
        }

        @Override
        public Type type() {
            return Type.ANY;
        }
    }

    private static Value slot(Type type, Value value) {
        return type.kind() == Kind.INTERFACE && !(value instanceof Boxed) ? new Boxed(value) : value;
    }
}
