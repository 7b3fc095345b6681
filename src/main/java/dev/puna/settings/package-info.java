// SPDX-License-Identifier: Apache-2.0
/**
 * What the environment asks of this process: the {@code PUNA_*} and {@code OLLAMA_*} variables, read once and checked.
 *
 * <p>Server and command line read the same variables the same way. Values are immutable; any thread may share them. Entry
 * type: {@link dev.puna.settings.Settings}.
 */
@NullMarked
package dev.puna.settings;

import org.jspecify.annotations.NullMarked;
