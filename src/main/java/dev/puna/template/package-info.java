// SPDX-License-Identifier: Apache-2.0
/**
 * Prompts written in Go's template language, as Ollama's models carry them: the whole of Go's {@code text/template} with
 * Ollama's functions and data (contract 8).
 *
 * <p>Pure: text and values in, text out, no I/O but the clock. Templates are immutable and any thread may render with them; each
 * rendering is bounded in depth, size and time. Used by the engine for prompts and by the edge to check what clients send.
 * Entry type: {@link dev.puna.template.GoTemplate}.
 */
@NullMarked
package dev.puna.template;

import org.jspecify.annotations.NullMarked;
