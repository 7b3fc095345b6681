// SPDX-License-Identifier: Apache-2.0
/**
 * Reads the header of GGUF files: what a model says about itself and where its tensors lie.
 *
 * <p>Never reads a weight and never runs a model. It is the gate before native code: a file that passes
 * {@link dev.puna.gguf.Gguf#read} has no count, length, dimension or offset that a careless reader would stumble over.
 * Whatever is wrong with a file is an {@link dev.puna.failure.InvalidRequest}; a disk that fails is a
 * {@link dev.puna.failure.StoreFailure}. All results are immutable. Memory is bounded whatever a file claims. Entry type:
 * {@link dev.puna.gguf.Gguf}.
 */
@NullMarked
package dev.puna.gguf;

import org.jspecify.annotations.NullMarked;
