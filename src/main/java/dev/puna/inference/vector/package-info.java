// SPDX-License-Identifier: Apache-2.0
/**
 * What becomes of embeddings on their way to clients: shorter, of length 1, as doubles.
 *
 * <p>Arithmetic and nothing else; any API may call, on any thread. Entry type: {@link dev.puna.inference.vector.Vectors}.
 */
@NullMarked
package dev.puna.inference.vector;

import org.jspecify.annotations.NullMarked;
