// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.util.ArrayList;
import java.util.List;

/** Arithmetic of shapes, slowest dimension first. */
final class Shapes {
    private Shapes() {}

    /** Elements of a tensor, 1 for a shape without dimensions. */
    static long elements(List<Long> shape) {
        var product = 1L;
        for (long size : shape) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    /** Elements between two places of each dimension. */
    static long[] strides(List<Long> shape) {
        var strides = new long[shape.size()];
        var stride = 1L;
        for (var index = shape.size() - 1; index >= 0; index--) {
            strides[index] = stride;
            stride *= shape.get(index);
        }
        return strides;
    }

    /** The number of a dimension, which may count from the end as -1. */
    static int dimension(int dimension, int count) {
        var index = dimension < 0 ? dimension + count : dimension;
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("no dimension " + dimension + " among " + count);
        }
        return index;
    }

    /** A shape where one dimension may be -1: whatever the number of elements makes it. */
    static List<Long> resolved(long elements, long... wanted) {
        var known = 1L;
        var open = -1;
        for (var index = 0; index < wanted.length; index++) {
            if (wanted[index] >= 0) {
                known = Math.multiplyExact(known, wanted[index]);
            } else {
                open = index;
            }
        }
        var shape = new ArrayList<Long>(wanted.length);
        for (var index = 0; index < wanted.length; index++) {
            shape.add(index == open && known > 0 ? elements / known : wanted[index]);
        }
        if (elements(shape) != elements) {
            throw new IllegalArgumentException(elements + " elements do not fit the shape " + shape);
        }
        return List.copyOf(shape);
    }

    static List<Long> with(List<Long> shape, int dimension, long size) {
        var changed = new ArrayList<>(shape);
        changed.set(dimension, size);
        return List.copyOf(changed);
    }
}
