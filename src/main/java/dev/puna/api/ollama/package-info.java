// SPDX-License-Identifier: Apache-2.0
/**
 * Ollama's routes below {@code /api}: resources, and the mapping between JSON and the domain.
 *
 * <p>A resource reads a body, asks one class for the work and returns what that gives; records of {@code wire} go out, the
 * request records here come in. Whatever a client does wrong is found before a model is loaded, in the order in which
 * Ollama finds it. Resources run on worker threads, since they read the store; answers come on the threads of the engine.
 */
@NullMarked
package dev.puna.api.ollama;

import org.jspecify.annotations.NullMarked;
