// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.speculation;

/** What steps of the model take, as far as is known. */
public interface RowCosts {

    /** Nanoseconds of a step with so many rows of logits; 0 while nothing is known. */
    double step(int rows);

    /** Whether steps of so many rows were measured so long ago that what they take may have changed. */
    boolean isOld(int rows);

    /** Nanoseconds of all steps so far. */
    double spent();
}
