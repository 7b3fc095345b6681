// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.packed;

import dev.puna.conversion.tensor.ElementType;
import dev.puna.conversion.tensor.Tensor;
import java.util.List;

/** A matrix whose rows are computed. <b>Threads:</b> one. */
final class Unpacked implements Tensor {
    private final List<Long> shape;
    private final int columns;
    private final Rule rule;
    private final List<Window> windows;

    /** What elements are. */
    interface Rule {
        /**
         * Computes elements of a row.
         *
         * @param from the first column
         * @param to the column behind the last
         * @param at where in the array the first one goes
         */
        void fill(long row, int from, int to, float[] into, int at);
    }

    /**
     * Made without reading.
     *
     * @param windows that the rule looks through
     */
    Unpacked(long rows, long columns, Rule rule, Window... windows) {
        this.shape = List.of(rows, columns);
        this.columns = Math.toIntExact(columns);
        this.rule = rule;
        this.windows = List.of(windows);
    }

    @Override
    public ElementType type() {
        return ElementType.F32;
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        var done = 0;
        while (done < count) {
            var row = (first + done) / columns;
            var column = (int) ((first + done) % columns);
            var end = Math.min(columns, column + count - done);
            rule.fill(row, column, end, into, at + done);
            done += end - column;
        }
        if (first + count == elements()) {
            windows.forEach(Window::forget); // as a rule the whole was read
        }
    }
}
