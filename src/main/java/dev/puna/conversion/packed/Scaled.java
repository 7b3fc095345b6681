// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.packed;

import dev.puna.conversion.tensor.ElementType;
import dev.puna.conversion.tensor.Tensor;
import java.util.List;

/** Numbers that are multiplied by a scale for all of them, for each row, or for each block. <b>Threads:</b> one. */
final class Scaled implements Tensor {
    private final Tensor weight;
    private final Window scales;
    /** By dimension of the weight: how many places have one scale, and between how many scales the next of the dimension lies. */
    private final long[] block;

    private final long[] stride;
    private final long[] sizes;

    /**
     * Made without reading.
     *
     * @param blocks places with one scale in the last dimensions of the scales; empty where each place, or all, have one, and of
     *     no concern where the scales have not as many dimensions
     */
    Scaled(Tensor weight, Tensor scale, long... blocks) {
        this.weight = weight;
        this.scales = new Window(scale);
        var dimensions = weight.shape().size();
        block = new long[dimensions];
        stride = new long[dimensions];
        sizes = new long[dimensions];
        var grid = blocks.length <= scale.shape().size() ? blocks : new long[0];
        var distance = 1L;
        for (var dimension = dimensions - 1; dimension >= 0; dimension--) {
            var size = weight.shape().get(dimension);
            var there = dimension < scale.shape().size() ? scale.shape().get(dimension) : 1;
            var from = dimension - (scale.shape().size() - grid.length);
            var length = from >= 0 && from < grid.length ? grid[from] : 1;
            var needed = length < 1 ? 0 : Math.ceilDiv(size, length);
            if (there != needed && (there != 1 || length != 1)) {
                throw misfit(scale);
            }
            sizes[dimension] = size;
            block[dimension] = there == 1 ? Math.max(1, size) : length;
            stride[dimension] = distance;
            distance *= there;
        }
        if (scale.elements() != distance) {
            throw misfit(scale);
        }
    }

    private IllegalArgumentException misfit(Tensor scale) {
        return new IllegalArgumentException("scales of the shape " + scale.shape() + " do not fit " + weight.shape());
    }

    @Override
    public ElementType type() {
        return ElementType.F32;
    }

    @Override
    public List<Long> shape() {
        return weight.shape();
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        weight.read(first, into, at, count);
        var last = sizes.length - 1;
        var done = 0;
        while (done < count) {
            var rest = first + done;
            var place = 0L;
            var run = (long) count - done;
            for (var dimension = last; dimension >= 0; dimension--) {
                var index = rest % sizes[dimension];
                if (dimension == last) {
                    run = Math.min(run, Math.min(sizes[last] - index, block[last] - index % block[last]));
                }
                place += index / block[dimension] * stride[dimension];
                rest /= sizes[dimension];
            }
            var scale = scales.number(place);
            for (var end = done + run; done < end; done++) {
                into[at + done] *= scale;
            }
        }
        if (first + count == elements()) {
            scales.forget(); // as a rule the whole was read
        }
    }
}
