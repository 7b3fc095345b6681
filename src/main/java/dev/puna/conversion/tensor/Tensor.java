// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers in a shape, computed while they are read. Its elements are numbered in row-major order: the last dimension is the fastest.
 * Views are made without reading; a dimension may be counted from the end as -1.
 */
public interface Tensor {
    /** The type in which its elements are stored, or to which what is computed is rounded. */
    ElementType type();

    /** Elements in each dimension, slowest first; empty for a single number. */
    List<Long> shape();

    /**
     * Reads elements as 32 bit numbers.
     *
     * @param first number of the first one
     * @param at where in the array it goes
     */
    void read(long first, float[] into, int at, int count);

    /** Whether {@link #copy} gives its elements as they are stored. */
    default boolean stored() {
        return false;
    }

    /** Puts elements as they are stored, little-endian, into the buffer; only where {@link #stored} says so. */
    default void copy(long first, int count, ByteBuffer into) {
        throw new IllegalStateException("computed elements have no bytes");
    }

    /** How many elements it has. */
    default long elements() {
        return Shapes.elements(shape());
    }

    /** Elements in one dimension. */
    default long size(int dimension) {
        return shape().get(Shapes.dimension(dimension, shape().size()));
    }

    /** All elements as numbers, of a small tensor. */
    default float[] floats() {
        var values = new float[Math.toIntExact(elements())];
        read(0, values, 0, values.length);
        return values;
    }

    /** Numbers in memory. */
    static Tensor of(float[] values, long... shape) {
        return new HeldTensor(values.clone(), Shapes.resolved(values.length, shape));
    }

    /** The same elements in another shape, of which one dimension may be -1. */
    default Tensor reshape(long... shape) {
        return new ShapedTensor(this, Shapes.resolved(elements(), shape));
    }

    /** One dimension more, of one element. */
    default Tensor unsqueeze(int dimension) {
        var shape = new ArrayList<>(shape());
        shape.add(dimension < 0 ? dimension + shape.size() + 1 : dimension, 1L);
        return new ShapedTensor(this, List.copyOf(shape));
    }

    /** Without the dimensions of one element. */
    default Tensor squeeze() {
        return new ShapedTensor(this, shape().stream().filter(size -> size != 1).toList());
    }

    /** Without this dimension if it has one element. */
    default Tensor squeeze(int dimension) {
        var index = Shapes.dimension(dimension, shape().size());
        if (shape().get(index) != 1) {
            return this;
        }
        var shape = new ArrayList<>(shape());
        shape.remove(index);
        return new ShapedTensor(this, List.copyOf(shape));
    }

    /** Its dimensions in another order: the first becomes what {@code axes[0]} was. */
    default Tensor permute(int... axes) {
        return StridedTensor.permuted(this, axes);
    }

    /** Two dimensions in each other's place. */
    default Tensor transpose(int one, int other) {
        var count = shape().size();
        var axes = new int[count];
        for (var index = 0; index < count; index++) {
            axes[index] = index;
        }
        axes[Shapes.dimension(one, count)] = Shapes.dimension(other, count);
        axes[Shapes.dimension(other, count)] = Shapes.dimension(one, count);
        return permute(axes);
    }

    /** A part of a dimension, to the end where {@code to} is behind it. */
    default Tensor slice(int dimension, long from, long to) {
        return StridedTensor.sliced(this, Shapes.dimension(dimension, shape().size()), from, to, 1);
    }

    /** Every so many-th place of a dimension from one on. */
    default Tensor every(int dimension, long from, long step) {
        var index = Shapes.dimension(dimension, shape().size());
        return StridedTensor.sliced(this, index, from, shape().get(index), step);
    }

    /** One place of a dimension, which is gone then. */
    default Tensor at(int dimension, long place) {
        return slice(dimension, place, place + 1).squeeze(dimension);
    }

    /** As many parts of the same size as fit, as {@code torch.split} makes them; the last may be smaller. */
    default List<Tensor> split(int dimension, long size) {
        var parts = new ArrayList<Tensor>();
        for (var from = 0L; from < size(dimension); from += size) {
            parts.add(slice(dimension, from, from + size));
        }
        return parts;
    }

    /** A number for each; where elements are of 16 bits by IEEE, what comes out is rounded to such, as PyTorch would. */
    default Tensor map(FloatMap map) {
        return new ComputedTensor(this, map);
    }

    /** Tensors one behind the other in a dimension. */
    static Tensor concat(int dimension, List<Tensor> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        return parts.stream().anyMatch(LowRankTensor.class::isInstance)
                ? LowRankTensor.joined(dimension, parts)
                : new JoinedTensor(dimension, parts);
    }

    /** Tensors of one shape as one with one dimension more. */
    static Tensor stack(int dimension, List<Tensor> parts) {
        return concat(
                dimension, parts.stream().map(part -> part.unsqueeze(dimension)).toList());
    }
}
