// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.model.IntList;
import java.util.List;

/**
 * What follows tokens, which go before the model as they are.
 *
 * @param parameters what it shares with other generations
 * @param tokens ids of the model's vocabulary; none to load or unload the model
 */
public record TokenCompletion(GenerationParameters parameters, List<Integer> tokens) implements CompletionRequest {

    public TokenCompletion {
        requireNonNull(parameters, "parameters is null");
        tokens = IntList.copyOf(tokens);
    }
}
