// SPDX-License-Identifier: Apache-2.0
/**
 * Ollama's routes below {@code /api}: resources, and what they answer.
 *
 * <p>A resource reads a body ({@code request}), asks one service for the work ({@code inference}, {@code creation}) and writes what that
 * gives as records of {@code wire}. Whatever a client does wrong is found before a model is loaded, in the order in which
 * Ollama finds it. Resources run on worker threads, since they read the store; answers come on the threads of the engine.
 */
@NullMarked
package dev.puna.api.ollama;

import org.jspecify.annotations.NullMarked;
