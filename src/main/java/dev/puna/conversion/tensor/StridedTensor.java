// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Elements of another tensor in another order: each dimension takes steps of its own through it. */
final class StridedTensor implements Tensor {
    private final Tensor base;
    private final List<Long> shape;
    private final long offset;
    private final long[] strides;
    /** How many dimensions lie before those whose elements follow each other in the base. */
    private final int outer;
    /** How many elements follow each other. */
    private final long run;

    private StridedTensor(Tensor base, List<Long> shape, long offset, long... strides) {
        this.base = base;
        this.shape = List.copyOf(shape);
        this.offset = offset;
        this.strides = strides;
        var dimension = shape.size();
        var length = 1L;
        while (dimension > 0 && (strides[dimension - 1] == length || shape.get(dimension - 1) == 1)) {
            dimension--;
            length *= shape.get(dimension);
        }
        this.outer = dimension;
        this.run = length;
    }

    static Tensor permuted(Tensor tensor, int... axes) {
        var count = tensor.shape().size();
        if (axes.length != count
                || Arrays.stream(axes)
                                .map(axis -> Shapes.dimension(axis, count))
                                .distinct()
                                .count()
                        != count) {
            throw new IllegalArgumentException(Arrays.toString(axes) + " is no order of " + count + " dimensions");
        }
        if (swapsLastTwo(axes)) {
            return new TransposedTensor(tensor);
        }
        var from = of(tensor);
        var shape = new ArrayList<Long>(count);
        var strides = new long[count];
        for (var index = 0; index < count; index++) {
            var axis = Shapes.dimension(axes[index], count);
            shape.add(from.shape.get(axis));
            strides[index] = from.strides[axis];
        }
        return new StridedTensor(from.base, shape, from.offset, strides);
    }

    static Tensor sliced(Tensor tensor, int dimension, long from, long to, long step) {
        var view = of(tensor);
        long size = view.shape.get(dimension);
        var end = Math.min(to, size);
        if (from < 0 || from > end || step < 1) {
            throw new IllegalArgumentException("no slice from " + from + " to " + to + " of " + size);
        }
        var strides = view.strides.clone();
        strides[dimension] *= step;
        return new StridedTensor(
                view.base,
                Shapes.with(view.shape, dimension, (end - from + step - 1) / step),
                view.offset + from * view.strides[dimension],
                strides);
    }

    private static boolean swapsLastTwo(int... axes) {
        var count = axes.length;
        if (count < 2 || Shapes.dimension(axes[count - 1], count) != count - 2) {
            return false;
        }
        for (var index = 0; index < count - 2; index++) {
            if (Shapes.dimension(axes[index], count) != index) {
                return false;
            }
        }
        return true;
    }

    private static StridedTensor of(Tensor tensor) {
        return tensor instanceof StridedTensor view
                ? view
                : new StridedTensor(tensor, tensor.shape(), 0, Shapes.strides(tensor.shape()));
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
    public boolean stored() {
        return base.stored();
    }

    @Override
    public void read(long first, float[] into, int at, int count) {
        var done = 0;
        while (done < count) {
            var length = (int) Math.min(count - done, run - (first + done) % run);
            base.read(place(first + done), into, at + done, length);
            done += length;
        }
    }

    @Override
    public void copy(long first, int count, ByteBuffer into) {
        var done = 0;
        while (done < count) {
            var length = (int) Math.min(count - done, run - (first + done) % run);
            base.copy(place(first + done), length, into);
            done += length;
        }
    }

    /** Where in the base an element lies. */
    private long place(long element) {
        var rest = element / run;
        var place = offset + element % run;
        for (var dimension = outer - 1; dimension >= 0; dimension--) {
            long size = shape.get(dimension);
            place += rest % size * strides[dimension];
            rest /= size;
        }
        return place;
    }
}
