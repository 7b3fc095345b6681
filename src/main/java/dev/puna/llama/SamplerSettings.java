// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The options that a sequence is sampled with, by the names of Ollama's API.
 *
 * @param seed empty for a random one
 * @param temperature 0 for the likeliest token always
 * @param repeatLastN how many tokens back the penalties look; -1 for all
 */
public record SamplerSettings(
        OptionalLong seed,
        float temperature,
        int topK,
        float topP,
        float minP,
        float typicalP,
        float repeatPenalty,
        float presencePenalty,
        float frequencyPenalty,
        int repeatLastN,
        Optional<Grammar> grammar) {
    public SamplerSettings {
        requireNonNull(seed, "seed is null");
        requireNonNull(grammar, "grammar is null");
    }

    String toJson() {
        var json = Json.object()
                .put("temperature", temperature)
                .put("top_k", topK)
                .put("top_p", topP)
                .put("min_p", minP)
                .put("typical_p", typicalP)
                .put("repeat_penalty", repeatPenalty)
                .put("presence_penalty", presencePenalty)
                .put("frequency_penalty", frequencyPenalty)
                .put("repeat_last_n", repeatLastN);
        seed.ifPresent(value -> json.put("seed", value));
        grammar.ifPresent(value -> {
            json.put("grammar", value.gbnf()).put("grammar_lazy", value.lazy());
            json.set("grammar_triggers", Json.parse(value.triggersJson()));
            json.set("preserved_tokens", Json.parse(value.preservedTokensJson()));
        });
        return json.toString();
    }
}
