// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.vector;

import dev.puna.failure.InvalidRequest;
import java.util.Arrays;

/** What becomes of an embedding between the engine and a client. Source: contract 1.6 and 1.7. */
public final class Vectors {
    private static final double SHORTEST_LENGTH = 1e-12;

    private Vectors() {}

    /** The first numbers of a vector, scaled to length 1; all of them unless fewer are asked for. */
    public static float[] cut(float[] vector, int dimensions) {
        var shorter = dimensions > 0 && dimensions < vector.length;
        return normalized(shorter ? Arrays.copyOf(vector, dimensions) : vector);
    }

    /** The numbers as doubles; refuses what is none. */
    public static double[] widened(float[] vector) {
        var wide = new double[vector.length];
        for (var i = 0; i < vector.length; i++) {
            wide[i] = finite(vector[i]);
        }
        return wide;
    }

    private static float[] normalized(float[] vector) {
        var squares = 0f;
        for (var number : vector) {
            squares += finite(number) * number;
        }
        var factor = (float) (1 / Math.max(Math.sqrt(squares), SHORTEST_LENGTH));
        var result = new float[vector.length];
        for (var i = 0; i < vector.length; i++) {
            result[i] = vector[i] * factor;
        }
        return result;
    }

    private static float finite(float number) {
        if (!Float.isFinite(number)) {
            throw new InvalidRequest("embedding contains NaN or Inf values");
        }
        return number;
    }
}
