// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.util.List;

/** A number for each of another tensor. */
final class ComputedTensor implements Tensor {
    private final Tensor base;
    private final FloatMap map;
    private final boolean half;

    ComputedTensor(Tensor base, FloatMap map) {
        this.base = base;
        this.map = map;
        this.half = base.type() == ElementType.F16;
    }

    @Override
    public ElementType type() {
        return half ? ElementType.F16 : ElementType.F32;
    }

    @Override
    public List<Long> shape() {
        return base.shape();
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        base.read(first, into, at, count);
        for (var index = at; index < at + count; index++) {
            var value = map.apply(into[index]);
            into[index] = half ? Float.float16ToFloat(Float.floatToFloat16(value)) : value;
        }
    }
}
