// SPDX-License-Identifier: Apache-2.0
/**
 * How a model is to be loaded, by what its files say and what the machine has: context, sequences, placement, memory. Decides
 * without doing: nothing here loads a model or knows which ones are loaded. {@link dev.puna.scheduling.plan.ModelWeights} and
 * {@link dev.puna.scheduling.plan.HostMemory} read small files, all else is pure. Entry type:
 * {@link dev.puna.scheduling.plan.LoadPlanner}.
 */
@NullMarked
package dev.puna.scheduling.plan;

import org.jspecify.annotations.NullMarked;
