// SPDX-License-Identifier: Apache-2.0
/**
 * What llama.cpp's graphs want of each family of models: how its tensors are called in GGUF, how they are cut, joined and permuted,
 * and which parameters it has. Source: llama.cpp's converter, whose results these must equal bit for bit.
 *
 * <p>What is alike for many is in {@link dev.puna.conversion.architecture.Architecture} and two tables among the resources; a family
 * that differs has a small class. Entry type: {@link dev.puna.conversion.architecture.Architectures}.
 */
@NullMarked
package dev.puna.conversion.architecture;

import org.jspecify.annotations.NullMarked;
