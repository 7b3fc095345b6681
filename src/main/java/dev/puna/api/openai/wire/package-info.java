// SPDX-License-Identifier: Apache-2.0
/**
 * JSON of {@code /v1/*}, as OpenAI's clients know it and Ollama writes it.
 *
 * <p>Records only, their components in the order in which the fields are written; what Ollama leaves out when empty is left out here.
 * No logic and no framework but Jackson's annotations. Times are whole seconds of Unix time. Entry types: {@link
 * dev.puna.api.openai.wire.ModelObject}, {@link dev.puna.api.openai.wire.ErrorObject}.
 */
@NullMarked
package dev.puna.api.openai.wire;

import org.jspecify.annotations.NullMarked;
