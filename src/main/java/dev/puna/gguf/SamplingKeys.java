// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the maker of a file wants tokens to be chosen: {@code general.sampling.*}, by the names that options have. Source: addendum
 * 3.3. What is no number that an option takes counts for nothing.
 */
final class SamplingKeys {
    private static final String PREFIX = "general.sampling.";
    private static final Map<String, String> OPTIONS = Map.of(
            "top_k", "top_k",
            "top_p", "top_p",
            "min_p", "min_p",
            "typ_p", "typical_p",
            "temp", "temperature",
            "penalty_last_n", "repeat_last_n",
            "penalty_repeat", "repeat_penalty",
            "penalty_present", "presence_penalty",
            "penalty_freq", "frequency_penalty");

    private SamplingKeys() {}

    static Map<String, Object> of(GgufFile file) {
        var options = new LinkedHashMap<String, Object>();
        OPTIONS.forEach((key, option) -> Optional.ofNullable(file.metadata().get(PREFIX + key))
                .flatMap(SamplingKeys::number)
                .ifPresent(number -> options.put(option, number)));
        return options;
    }

    private static Optional<Number> number(GgufValue value) {
        return switch (value) {
            case GgufValue.Whole whole -> Optional.of(whole.number());
            case GgufValue.Real(var _, var real) when Float.isFinite((float) real) -> Optional.of(real);
            case GgufValue.Real _, GgufValue.Bool _, GgufValue.Text _, GgufValue.Items _, GgufValue.Packed _ ->
                Optional.empty();
        };
    }
}
