// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the maker of a model recommends for sampling, {@code generation_config.json}, by the names that parameters of a Modelfile have.
 */
public final class GenerationDefaults {
    private static final String FILE = "generation_config.json";
    /** Our names and theirs. */
    private static final Map<String, String> REALS = Map.of(
            "temperature", "temperature", "top_p", "top_p", "min_p", "min_p", "repeat_penalty", "repetition_penalty");

    private GenerationDefaults() {}

    /**
     * The parameters: numbers as Double or Long, {@code stop} as a list of texts, of those tokens that end an answer beside the first.
     * Values that make no sense are left out: they are recommendations.
     */
    public static Map<String, Object> of(ModelFiles files) {
        var parameters = new LinkedHashMap<String, Object>();
        Json.object(files, FILE).ifPresent(values -> {
            for (var name : List.of("temperature", "top_p", "min_p", "repeat_penalty")) {
                if (values.get(REALS.get(name)) instanceof Number number
                        && number.doubleValue() >= 0
                        && Double.isFinite(number.doubleValue())) {
                    parameters.put(name, number.doubleValue());
                }
            }
            if (values.get("top_k") instanceof Long number && number >= 0 && number <= Pieces.MAX_ID) {
                parameters.put("top_k", number);
            }
            if (Boolean.FALSE.equals(values.get("do_sample"))) {
                // the likeliest token, always: nothing else of it counts
                parameters.keySet().removeAll(List.of("top_p", "min_p", "top_k"));
                parameters.put("temperature", 0.0);
            }
            var stops = stops(files, values.get("eos_token_id"));
            if (!stops.isEmpty()) {
                parameters.put("stop", stops);
            }
        });
        return parameters;
    }

    private static List<String> stops(ModelFiles files, @Nullable Object ids) {
        var stops = new ArrayList<String>();
        if (ids instanceof List<?> list && list.size() > 1) {
            var decoder = Tokenizers.configuration(files).section("added_tokens_decoder");
            for (var id : list.subList(1, list.size())) {
                if (id instanceof Long
                        && decoder.values().get(String.valueOf(id)) instanceof Map<?, ?> token
                        && token.get("content") instanceof String text
                        && !text.isEmpty()) {
                    stops.add(text);
                }
            }
        }
        return stops;
    }
}
