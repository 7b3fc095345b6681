// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How the tokens of one answer are chosen and when it ends. All numbers are finite. Source: contract 2.
 *
 * @param temperature 0 always takes the likeliest token
 * @param topK how many of the likeliest tokens stay; 0 keeps all
 * @param topP share of probability that stays
 * @param minP least probability relative to the likeliest token
 * @param typicalP locally typical sampling; 1 is off
 * @param repeatLastN how many tokens back repetition is punished; 0 none, -1 the whole context
 * @param repeatPenalty factor of that punishment, above 0; 1 is off
 * @param presencePenalty taken off once for a token that has occurred
 * @param frequencyPenalty taken off for each time a token has occurred
 * @param seed start of the random numbers; absent asks for a random one
 * @param numPredict most tokens to make; 0 and less set no limit but the context's own
 * @param numKeep tokens of the prompt to keep when the context shifts; negative keeps all
 * @param stop texts that end the answer, none empty
 * @param logitBias added to the logits of tokens, by their ids, none negative; -100 rules a token out
 * @param ignoreEos whether the answer goes on where the model would end it
 */
public record GenerationOptions(
        float temperature,
        int topK,
        float topP,
        float minP,
        float typicalP,
        int repeatLastN,
        float repeatPenalty,
        float presencePenalty,
        float frequencyPenalty,
        OptionalLong seed,
        int numPredict,
        int numKeep,
        List<String> stop,
        Map<Integer, Float> logitBias,
        boolean ignoreEos) {
    /** What a model gets that says nothing. */
    public static final GenerationOptions DEFAULT = new GenerationOptions(
            0.8f, 40, 0.9f, 0, 1, 64, 1, 0, 0, OptionalLong.empty(), -1, 4, List.of(), Map.of(), false);

    /** Copies the list and the map. */
    public GenerationOptions {
        requireNonNull(seed, "seed is null");
        stop = List.copyOf(stop);
        logitBias = Map.copyOf(logitBias);
    }

    /** With a seed that lies so many behind this one, if there is one. */
    public GenerationOptions withSeedAfter(int distance) {
        var next = seed.isPresent() ? OptionalLong.of(seed.getAsLong() + distance) : seed;
        return new GenerationOptions(
                temperature,
                topK,
                topP,
                minP,
                typicalP,
                repeatLastN,
                repeatPenalty,
                presencePenalty,
                frequencyPenalty,
                next,
                numPredict,
                numKeep,
                stop,
                logitBias,
                ignoreEos);
    }
}
