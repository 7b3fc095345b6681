// SPDX-License-Identifier: Apache-2.0
/**
 * The bodies of requests below {@code /v1}, read into what {@code inference} is asked for.
 *
 * <p>Each {@code …Request} reads one body. What Ollama refuses there is refused in its words; what it would ignore and a client means is
 * honoured or refused, with the field that it is about. Only the resources of {@code api.openai} call. <b>Threads:</b> one for a body.
 */
@NullMarked
package dev.puna.api.openai.request;

import org.jspecify.annotations.NullMarked;
