// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.llama.guard.ShimJson;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SamplerSettingsTest {

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void numbers_that_are_none_are_an_invalid_request_by_the_options_name(float none) {
        assertRefused(() -> settings(none, 1, 0, 1, 1, 0, 0), "temperature is " + none);
        assertRefused(() -> settings(1, none, 0, 1, 1, 0, 0), "top_p is " + none);
        assertRefused(() -> settings(1, 1, none, 1, 1, 0, 0), "min_p is " + none);
        assertRefused(() -> settings(1, 1, 0, none, 1, 0, 0), "typical_p is " + none);
        assertRefused(() -> settings(1, 1, 0, 1, none, 0, 0), "repeat_penalty is " + none);
        assertRefused(() -> settings(1, 1, 0, 1, 1, none, 0), "presence_penalty is " + none);
        assertRefused(() -> settings(1, 1, 0, 1, 1, 0, none), "frequency_penalty is " + none);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -1})
    void a_repeat_penalty_must_be_something_to_divide_by(float penalty) {
        assertRefused(() -> settings(1, 1, 0, 1, penalty, 0, 0), "repeat_penalty is " + penalty);
    }

    @Test
    void the_grammar_joins_the_options() {
        var grammar = Grammar.ofChatFormat("{\"grammar\": \"root ::= \\\"a\\\"\", \"grammar_lazy\": true}");
        var settings = new SamplerSettings(
                OptionalLong.of(-1), 0.5f, 40, 0.9f, 0, 1, 1.1f, 0, 0, 64, Map.of(7, -2f), Optional.of(grammar));

        assertThat(ShimJson.parse(settings.toJson())).isEqualTo(ShimJson.parse("""
                        {"temperature": 0.5, "top_k": 40, "top_p": 0.9, "min_p": 0.0, "typical_p": 1.0,
                         "repeat_penalty": 1.1, "presence_penalty": 0.0, "frequency_penalty": 0.0, "repeat_last_n": 64,
                         "logit_bias": {"7": -2.0},
                         "seed": -1, "grammar": "root ::= \\"a\\"", "grammar_lazy": true}
                        """));
    }

    private static SamplerSettings settings(
            float temperature,
            float topP,
            float minP,
            float typicalP,
            float repeatPenalty,
            float presencePenalty,
            float frequencyPenalty) {
        return new SamplerSettings(
                OptionalLong.empty(),
                temperature,
                40,
                topP,
                minP,
                typicalP,
                repeatPenalty,
                presencePenalty,
                frequencyPenalty,
                64,
                Map.of(),
                Optional.empty());
    }

    private static void assertRefused(Runnable making, String beginning) {
        assertThatThrownBy(making::run).isInstanceOf(InvalidRequest.class).hasMessageStartingWith(beginning);
    }
}
