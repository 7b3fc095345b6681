// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.Prompt;

/**
 * What follows a prompt that no template is made for: tokens, or a gap to be filled.
 *
 * @param parameters what it shares with other generations
 * @param prompt what goes before the model; no tokens at all load or unload it
 */
public record DirectCompletion(GenerationParameters parameters, Prompt prompt) implements CompletionRequest {

    public DirectCompletion {
        requireNonNull(parameters, "parameters is null");
        requireNonNull(prompt, "prompt is null");
    }
}
