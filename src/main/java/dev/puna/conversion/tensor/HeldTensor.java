// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.util.List;

/** A few numbers in memory. */
final class HeldTensor implements Tensor {
    private final float[] values;
    private final List<Long> shape;

    HeldTensor(float[] values, List<Long> shape) {
        this.values = values;
        this.shape = shape;
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
        System.arraycopy(values, Math.toIntExact(first), into, at, count);
    }
}
