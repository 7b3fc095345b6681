// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import dev.puna.template.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Variables of a running template, newest last. Used by one thread. */
final class TemplateVariables {
    private final List<String> names = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();

    /** Variables of a template that is called with a value. */
    TemplateVariables(Value dot) {
        declare("$", dot);
    }

    void declare(String name, Value value) {
        names.add(name);
        values.add(value);
    }

    /** Gives the newest variable of that name a value; false if there is none. */
    boolean assign(String name, Value value) {
        var index = names.lastIndexOf(name);
        if (index >= 0) {
            values.set(index, value);
        }
        return index >= 0;
    }

    /** Gives a variable a value, 1 for the newest. */
    void assign(int fromTop, Value value) {
        values.set(values.size() - fromTop, value);
    }

    @Nullable
    Value value(String name) {
        var index = names.lastIndexOf(name);
        return index < 0 ? null : values.get(index);
    }

    int size() {
        return names.size();
    }

    /** Forgets all but the oldest. */
    void shrink(int size) {
        if (names.size() > size) {
            names.subList(size, names.size()).clear();
            values.subList(size, values.size()).clear();
        }
    }
}
