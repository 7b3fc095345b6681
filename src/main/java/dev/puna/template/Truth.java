// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

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

/** What counts as true: all but false, 0, nil and what is empty. Structs always do. */
final class Truth {
    private Truth() {}

    static boolean of(Value value) {
        return switch (value.bare()) {
            case None _, Boxed _ -> false;
            case Bool(var is) -> is;
            case Int(var number) -> number != 0;
            case Octet(var number) -> number != 0;
            case Real(var number) -> number != 0;
            case Complex(var real, var imaginary) -> real != 0 || imaginary != 0;
            case Text(var bytes) -> !bytes.isEmpty();
            case Listing list -> list.size() > 0;
            case Mapping map -> !map.entries().isEmpty();
            case Struct _ -> true;
            case Pointer pointer -> pointer.target() != null;
        };
    }
}
