// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One tensor of a file, without its weights.
 *
 * @param name its name, unique in the file
 * @param type format of the elements
 * @param shape elements in each dimension, each at least 1, fastest first; empty for a single number
 * @param elements product of the shape
 * @param offset where the data begins, in bytes from the start of the data section
 * @param size length of the data in bytes
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long elements, long offset, long size) {
    /** Copies the shape. */
    public TensorInfo {
        requireNonNull(name, "name is null");
        requireNonNull(type, "type is null");
        shape = List.copyOf(shape);
    }

    /** Elements in one dimension, 1 in those beyond the shape. */
    long dimension(int index) {
        return index < shape.size() ? shape.get(index) : 1;
    }
}
