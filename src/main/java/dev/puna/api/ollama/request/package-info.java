// SPDX-License-Identifier: Apache-2.0
/**
 * The bodies of requests below {@code /api}, read into what the server is asked for: records of {@code inference} and
 * {@code creation}.
 *
 * <p>Each {@code …Request} reads one body, in the order in which Ollama finds what is wrong with it and in Go's words, and takes room
 * for all that it makes. Only the resources of {@code api.ollama} call. <b>Threads:</b> one for a body.
 */
@NullMarked
package dev.puna.api.ollama.request;

import org.jspecify.annotations.NullMarked;
