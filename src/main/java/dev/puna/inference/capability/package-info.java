// SPDX-License-Identifier: Apache-2.0
/**
 * What installed models can do, by which template they are spoken to, and which values of thinking they know.
 *
 * <p>Entry type is {@link dev.puna.inference.capability.CapabilityResolver}. Whoever checks or shows models may call. Any thread; the
 * first look at a model reads its files.
 */
@NullMarked
package dev.puna.inference.capability;

import org.jspecify.annotations.NullMarked;
