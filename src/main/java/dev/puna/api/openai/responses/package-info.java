// SPDX-License-Identifier: Apache-2.0
/**
 * {@code /v1/responses}: OpenAI's newer dialect, which Codex speaks.
 *
 * <p>A resource reads a body, has {@code inference} answer, and makes items or events of what the model says; it keeps no state
 * between requests. Entry type: {@link dev.puna.api.openai.responses.ResponsesResource}. <b>Threads:</b> resources run on worker
 * threads, answers are made on those of the engine.
 */
@NullMarked
package dev.puna.api.openai.responses;

import org.jspecify.annotations.NullMarked;
