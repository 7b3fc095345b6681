// SPDX-License-Identifier: Apache-2.0
/**
 * From a request to the tokens that a model goes on from: templates are rendered, texts become tokens, and what is too long loses its
 * oldest turns or its middle (contract 1.4).
 *
 * <p>Called by the engine of this process on the threads of requests, never by the decode loop. Failures are those of
 * {@link dev.puna.failure.InvalidRequest}. Entry: {@link dev.puna.engine.prompt.PromptBuilder}.
 */
@NullMarked
package dev.puna.engine.prompt;

import org.jspecify.annotations.NullMarked;
