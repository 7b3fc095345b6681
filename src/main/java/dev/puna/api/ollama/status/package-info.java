// SPDX-License-Identifier: Apache-2.0
/**
 * The steps of long jobs in Ollama's words, and how a client is told of them: as fast as it reads, and no longer than it listens.
 *
 * <p>For any thread. Only {@code dev.puna.api.ollama} may call. Entry type: {@link dev.puna.api.ollama.status.JobStatuses}.
 */
@NullMarked
package dev.puna.api.ollama.status;

import org.jspecify.annotations.NullMarked;
