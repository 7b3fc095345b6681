// SPDX-License-Identifier: Apache-2.0
/**
 * The values that name and describe models: names, digests, manifests, options, keep-alive.
 *
 * <p>Immutable, checked when made, free of I/O and of any framework; any thread may share them. Entry type:
 * {@link dev.puna.model.ModelName}.
 */
@NullMarked
package dev.puna.model;

import org.jspecify.annotations.NullMarked;
