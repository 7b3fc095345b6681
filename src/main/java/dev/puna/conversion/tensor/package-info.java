// SPDX-License-Identifier: Apache-2.0
/**
 * Tensors that are computed while they are read: what a file holds, and views, joints and maps of other tensors. Nothing holds
 * more than a tile of a few megabytes.
 *
 * <p><b>Threads:</b> one at a time for all tensors over one {@link dev.puna.conversion.tensor.ByteSource}. Entry type:
 * {@link dev.puna.conversion.tensor.Tensor}.
 */
@NullMarked
package dev.puna.conversion.tensor;

import org.jspecify.annotations.NullMarked;
