// SPDX-License-Identifier: Apache-2.0
/** Tokens guessed ahead of the model: what may follow, how often that comes true, and when to try it. */
@NullMarked
package dev.puna.engine.speculation;

import org.jspecify.annotations.NullMarked;
