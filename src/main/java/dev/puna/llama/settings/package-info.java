// SPDX-License-Identifier: Apache-2.0
/**
 * How models, contexts and samplers are to be made: plain values.
 *
 * <p>Made by the engine, read by the owners of native things in {@code llama}. Any thread. Entry:
 * {@link dev.puna.llama.settings.ContextSettings}.
 */
@NullMarked
package dev.puna.llama.settings;

import org.jspecify.annotations.NullMarked;
