// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.settings;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.guard.ShimJson;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The options that a sequence is sampled with, by the names of Ollama's API.
 *
 * <p>Numbers that are none (not finite, a penalty that would divide by 0) are an {@link InvalidRequest}.
 *
 * @param seed empty for a random one; of others the lower 32 bits count
 * @param temperature 0 for the likeliest token always
 * @param topK 0 for the whole vocabulary
 * @param repeatLastN how many tokens back the penalties look; -1 for all
 * @param logitBias added to the logits of tokens, by their ids; finite
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
        Map<Integer, Float> logitBias,
        Optional<Grammar> grammar) {
    /** Below it a logit divided by the temperature may leave the range of a float, and only the likeliest token is left. */
    private static final float SMALLEST_TEMPERATURE = 1e-6f;

    public SamplerSettings {
        requireNonNull(seed, "seed is null");
        requireFinite(temperature, "temperature");
        requireFinite(topP, "top_p");
        requireFinite(minP, "min_p");
        requireFinite(typicalP, "typical_p");
        requireFinite(repeatPenalty, "repeat_penalty");
        requireFinite(presencePenalty, "presence_penalty");
        requireFinite(frequencyPenalty, "frequency_penalty");
        logitBias = Map.copyOf(logitBias);
        requireNonNull(grammar, "grammar is null");
        if (repeatPenalty <= 0) {
            throw new InvalidRequest("repeat_penalty is " + repeatPenalty + ", but must be greater than 0");
        }
    }

    public String toJson() {
        var json = ShimJson.object()
                .put("temperature", temperature < SMALLEST_TEMPERATURE ? 0 : temperature)
                .put("top_k", topK)
                .put("top_p", topP)
                .put("min_p", minP)
                .put("typical_p", Math.max(0, typicalP))
                .put("repeat_penalty", repeatPenalty)
                .put("presence_penalty", presencePenalty)
                .put("frequency_penalty", frequencyPenalty)
                .put("repeat_last_n", repeatLastN);
        if (!logitBias.isEmpty()) {
            var biases = json.putObject("logit_bias");
            logitBias.forEach((token, bias) -> biases.put(token.toString(), bias));
        }
        seed.ifPresent(value -> json.put("seed", value));
        grammar.ifPresent(value -> json.setAll((ObjectNode) ShimJson.parse(value.samplerJson())));
        return json.toString();
    }

    private static void requireFinite(float value, String name) {
        if (!Float.isFinite(value)) {
            throw new InvalidRequest(name + " is " + value + ", but must be a finite number");
        }
    }
}
