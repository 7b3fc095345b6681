// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.template.value.Value;
import dev.puna.template.value.Value.Boxed;
import dev.puna.template.value.Value.None;
import dev.puna.template.value.Value.Pointer;

/**
 * What is at the end of pointers and interfaces.
 *
 * @param value what is there; the last pointer or interface if that is nil
 * @param nil whether it is
 */
record Indirection(Value value, boolean nil) {

    static Indirection of(Value start) {
        var value = start;
        while (true) {
            if (value instanceof Boxed(var inner)) {
                if (inner instanceof None) {
                    return new Indirection(value, true);
                }
                value = inner;
            } else if (value instanceof Pointer pointer) {
                var target = pointer.target();
                if (target == null) {
                    return new Indirection(value, true);
                }
                value = target;
            } else {
                return new Indirection(value, false);
            }
        }
    }
}
