// SPDX-License-Identifier: Apache-2.0
/**
 * JSON of {@code /api/*}, exactly as Ollama's clients know it.
 *
 * <p>Records only, their components in the order in which the fields are written; what Ollama leaves out when empty is
 * left out here. No logic and no framework but Jackson's annotations, so that the command line may use them too. Durations
 * are whole nanoseconds. Entry types: {@link dev.puna.api.ollama.wire.ChatChunk},
 * {@link dev.puna.api.ollama.wire.GenerateChunk}.
 */
@NullMarked
package dev.puna.api.ollama.wire;

import org.jspecify.annotations.NullMarked;
