// SPDX-License-Identifier: Apache-2.0
/**
 * Several answers to one request: which start when, and how their events come together.
 *
 * <p>Knows neither models nor leases: {@code inference} gives it the source of each answer. Pieces come on the threads of the engine, one
 * after the other. Entry type: {@link dev.puna.inference.parallel.ParallelAnswers}.
 */
@NullMarked
package dev.puna.inference.parallel;

import org.jspecify.annotations.NullMarked;
