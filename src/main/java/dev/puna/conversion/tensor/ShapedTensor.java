// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.nio.ByteBuffer;
import java.util.List;

/** The elements of another tensor in another shape. */
final class ShapedTensor implements Tensor {
    private final Tensor base;
    private final List<Long> shape;

    ShapedTensor(Tensor base, List<Long> shape) {
        this.base = base;
        this.shape = shape;
    }

    @Override
    public ElementType type() {
        return base.type();
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        base.read(first, into, at, count);
    }

    @Override
    public boolean stored() {
        return base.stored();
    }

    @Override
    public void copy(long first, int count, ByteBuffer into) {
        base.copy(first, count, into);
    }
}
