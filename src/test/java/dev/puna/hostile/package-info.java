// SPDX-License-Identifier: Apache-2.0
/**
 * Models that contradict themselves: small ones of several architectures, changed in ways that follow from a seed, and what becomes of a
 * server that makes, loads and runs them.
 */
@NullMarked
package dev.puna.hostile;

import org.jspecify.annotations.NullMarked;
