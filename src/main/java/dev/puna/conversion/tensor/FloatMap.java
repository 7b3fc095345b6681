// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

/** A number for a number. */
@FunctionalInterface
public interface FloatMap {
    float apply(float value);
}
