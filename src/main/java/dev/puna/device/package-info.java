// SPDX-License-Identifier: Apache-2.0
/**
 * What models can be computed on, and which of their layers lie where.
 *
 * <p>Plain values for everyone from the native layer to the scheduler. Entries: {@link dev.puna.device.ComputeDevice} and
 * {@link dev.puna.device.Placement}.
 */
@NullMarked
package dev.puna.device;

import org.jspecify.annotations.NullMarked;
