// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.template.value.GoPanic;
import dev.puna.template.value.Kind;
import dev.puna.template.value.Printer;
import dev.puna.template.value.Value;
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
import java.util.List;

/** {@code eq} and {@code lt}, from which the other comparisons are made. */
final class Comparison {
    private Comparison() {}

    /** Whether the first value equals any of the others. */
    static boolean equal(List<Value> values) {
        if (values.size() < 2) {
            throw new GoPanic("missing argument for comparison");
        }
        var first = values.getFirst().bare();
        for (var other : values.subList(1, values.size())) {
            if (equal(first, other.bare())) {
                return true;
            }
        }
        return false;
    }

    private static boolean equal(Value first, Value other) {
        if (basic(first) && basic(other)) {
            return switch (first) {
                case Bool(var is) when other instanceof Bool(var otherIs) -> is == otherIs;
                case Int(var number) when other instanceof Int(var otherNumber) -> number == otherNumber;
                case Int(var number) when other instanceof Octet(var otherNumber) -> number == otherNumber;
                case Octet(var number) when other instanceof Int(var otherNumber) -> number == otherNumber;
                case Octet(var number) when other instanceof Octet(var otherNumber) -> number == otherNumber;
                case Real(var number) when other instanceof Real(var otherNumber) -> number == otherNumber;
                case Complex one
                when other instanceof Complex two -> one.real() == two.real() && one.imaginary() == two.imaginary();
                case Text(var bytes) when other instanceof Text(var otherBytes) -> bytes.equals(otherBytes);
                default -> throw incompatible(first, other);
            };
        }
        if (basic(first) || basic(other)) {
            if (first instanceof None || other instanceof None) {
                return false;
            }
            throw incompatible(first, other);
        }
        return structuresEqual(first, other);
    }

    private static boolean structuresEqual(Value first, Value other) {
        if (first.kind() != other.kind() && !(first instanceof None) && !(other instanceof None)) {
            throw new GoPanic("non-comparable types " + Printer.text(first, 's') + ": "
                    + first.type().name() + ", " + other.type().name() + ": " + Printer.text(other, 'v'));
        }
        if (nil(first) || nil(other)) {
            return nil(first) == nil(other);
        }
        if (!(other instanceof Pointer)) {
            throw new GoPanic("non-comparable type " + Printer.text(other, 's') + ": "
                    + other.type().name());
        }
        return first.equals(other);
    }

    private static boolean nil(Value value) {
        return switch (value) {
            case None _ -> true;
            case Boxed(var inner) -> inner instanceof None;
            case Listing list -> list.absent();
            case Mapping map -> map.absent();
            case Pointer pointer -> pointer.target() == null;
            case Bool _, Int _, Octet _, Real _, Complex _, Text _, Struct _ -> false;
        };
    }

    private static boolean basic(Value value) {
        return switch (value.kind()) {
            case BOOL, INT, UINT8, FLOAT, COMPLEX, STRING -> true;
            case INVALID, SLICE, MAP, STRUCT, POINTER, INTERFACE -> false;
        };
    }

    private static GoPanic incompatible(Value first, Value other) {
        return new GoPanic("incompatible types for comparison: " + first.type().name() + " and "
                + other.type().name());
    }

    /** Whether the first value comes before the second. */
    static boolean less(List<Value> values) {
        var first = values.get(0).bare();
        var second = values.get(1).bare();
        if (!basic(first) || !basic(second)) {
            throw notOrdered();
        }
        return switch (first) {
            case Int(var number) when second instanceof Int(var other) -> number < other;
            case Int(var number) when second instanceof Octet(var other) -> number < other;
            case Octet(var number) when second instanceof Int(var other) -> number < other;
            case Octet(var number) when second instanceof Octet(var other) -> number < other;
            case Real(var number) when second instanceof Real(var other) -> number < other;
            case Text(var bytes) when second instanceof Text(var other) -> bytes.compareTo(other) < 0;
            default -> {
                var same = first.kind() == second.kind();
                throw same && (first.kind() == Kind.BOOL || first.kind() == Kind.COMPLEX)
                        ? notOrdered()
                        : incompatible(first, second);
            }
        };
    }

    private static GoPanic notOrdered() {
        return new GoPanic("invalid type for comparison");
    }
}
