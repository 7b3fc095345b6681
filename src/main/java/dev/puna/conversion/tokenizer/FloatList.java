// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import java.util.Arrays;

/** Numbers that become more. <b>Threads:</b> one. */
final class FloatList {
    private float[] values = new float[1 << 6];
    private int count;

    void add(float value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    float get(int index) {
        return values[index];
    }
}
