// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.template.value.GoPanic;
import dev.puna.template.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function that templates can call.
 *
 * @param parameters that must be given
 * @param rest what any number of further ones must be; null if there may be none
 * @param body takes arguments that fit
 */
record Function(List<Parameter> parameters, @Nullable Parameter rest, Body body) {

    Function {
        parameters = List.copyOf(parameters);
    }

    /** What an argument is taken as. */
    enum Parameter {
        /** A string and nothing else. */
        STRING,
        /** Whatever it is, out of its interface. */
        ANY,
        /** As reflection shows it, in its interface if it is in one. */
        REFLECTED
    }

    /** What a function does. */
    @FunctionalInterface
    interface Body {
        /**
         * The value for arguments.
         *
         * @param mostText bytes of the longest text that may be made
         * @throws GoPanic in Go's words
         */
        Value apply(List<Value> arguments, int mostText);
    }

    /** The parameter at a place. */
    Parameter at(int index) {
        return index < parameters.size() || rest == null ? parameters.get(index) : rest;
    }
}
