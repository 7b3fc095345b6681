// SPDX-License-Identifier: Apache-2.0
/**
 * The bodies of requests to {@code /v1/messages} and its counter, read into what {@code inference} is asked for.
 *
 * <p>{@link dev.puna.api.anthropic.request.MessagesRequest} reads one body. What Ollama refuses there is refused in its words; other
 * mistakes in a sentence of our own that names the place. Only the resources of {@code api.anthropic} call. <b>Threads:</b> one for a body.
 */
@NullMarked
package dev.puna.api.anthropic.request;

import org.jspecify.annotations.NullMarked;
