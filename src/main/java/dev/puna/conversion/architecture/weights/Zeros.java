// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture.weights;

import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;

/** Looks at the numbers of tensors before they are left out. Stateless. */
public final class Zeros {
    private static final int PIECE = 64 << 10;

    private Zeros() {}

    /** Refuses a tensor that has something else than zeros, since the graph would not use it. */
    public static void require(String name, Tensor data) {
        var piece = new float[PIECE];
        for (var first = 0L; first < data.elements(); first += PIECE) {
            var count = (int) Math.min(PIECE, data.elements() - first);
            data.read(first, piece, 0, count);
            for (var index = 0; index < count; index++) {
                if (piece[index] != 0) {
                    throw new InvalidRequest(
                            "tensor " + name + " is not zero, and llama.cpp's graph of this model has no place for it");
                }
            }
        }
    }

    /** Whether two tensors hold the same. */
    public static boolean equal(Tensor one, Tensor other) {
        if (!one.shape().equals(other.shape())) {
            return false;
        }
        var left = new float[PIECE];
        var right = new float[PIECE];
        for (var first = 0L; first < one.elements(); first += PIECE) {
            var count = (int) Math.min(PIECE, one.elements() - first);
            one.read(first, left, 0, count);
            other.read(first, right, 0, count);
            for (var index = 0; index < count; index++) {
                if (left[index] != right[index]) {
                    return false;
                }
            }
        }
        return true;
    }
}
