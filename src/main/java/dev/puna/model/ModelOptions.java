// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Everything the {@code options} of a request and the parameters of a model can say. Source: contract 2.
 *
 * @param generation how tokens are chosen
 * @param runner how the model is loaded
 */
public record ModelOptions(GenerationOptions generation, RunnerOptions runner) {
    /** Refuses null. */
    public ModelOptions {
        requireNonNull(generation, "generation is null");
        requireNonNull(runner, "runner is null");
    }

    /**
     * The defaults, overridden by what the model says, overridden by what the request says.
     *
     * <p>The maps hold what a JSON parser gives: Long, Double, BigDecimal, Boolean, String, List, null. Unknown keys and
     * nulls count for nothing; {@code stop} of the request replaces that of the model. A value of the wrong type, one that
     * is not finite, or a context or batch beyond 2³¹-1 is an {@link dev.puna.failure.InvalidRequest} naming the option.
     */
    public static ModelOptions merge(
            Map<String, ? extends @Nullable Object> modelParameters,
            Map<String, ? extends @Nullable Object> requestOptions) {
        return OptionReader.merge(modelParameters, requestOptions);
    }

    /** The context that is asked for, as it was written: {@link #merge} makes it at least 4. */
    public static OptionalInt askedContext(
            Map<String, ? extends @Nullable Object> modelParameters,
            Map<String, ? extends @Nullable Object> requestOptions) {
        return OptionReader.context(modelParameters, requestOptions);
    }
}
