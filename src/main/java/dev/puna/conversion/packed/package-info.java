// SPDX-License-Identifier: Apache-2.0
/**
 * Weights of fewer bits than 16 as those that they stand for: what {@code quantization_config} of a config.json says, turned into
 * tensors that are computed while they are read. Nothing but windows of a few kilobytes is held, and those only while a tensor is
 * read.
 *
 * <p><b>Threads:</b> one at a time. Entry type: {@link dev.puna.conversion.packed.PackedWeights}.
 */
@NullMarked
package dev.puna.conversion.packed;

import org.jspecify.annotations.NullMarked;
