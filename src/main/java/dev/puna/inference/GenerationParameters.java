// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.model.KeepAlive;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What every generation may be asked for besides its prompt. Source: contract 1.3 and 1.4.
 *
 * @param model which model
 * @param format the form of the answer
 * @param keepAlive how long the model stays in memory; absent for what it has or the server's default
 * @param options as parsed JSON
 * @param think how much to reason
 * @param truncate whether what does not fit the context may be left out
 * @param shift whether a full context drops its middle; absent for the model's habit
 * @param renderOnly whether only the rendered prompt is wanted
 * @param promptProgress whether the answer begins with how much of the prompt has been read
 * @param topLogprobs absent for no log probabilities, else how many alternatives come with each token
 */
public record GenerationParameters(
        ModelReference model,
        FormatOption format,
        Optional<KeepAlive> keepAlive,
        Map<String, @Nullable Object> options,
        ThinkOption think,
        boolean truncate,
        Optional<Boolean> shift,
        boolean renderOnly,
        boolean promptProgress,
        OptionalInt topLogprobs) {

    public GenerationParameters {
        requireNonNull(model, "model is null");
        requireNonNull(format, "format is null");
        requireNonNull(keepAlive, "keepAlive is null");
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        requireNonNull(think, "think is null");
        requireNonNull(shift, "shift is null");
        requireNonNull(topLogprobs, "topLogprobs is null");
    }

    /** Those of a request that wants no progress. */
    public GenerationParameters(
            ModelReference model,
            FormatOption format,
            Optional<KeepAlive> keepAlive,
            Map<String, @Nullable Object> options,
            ThinkOption think,
            boolean truncate,
            Optional<Boolean> shift,
            boolean renderOnly,
            OptionalInt topLogprobs) {
        this(model, format, keepAlive, options, think, truncate, shift, renderOnly, false, topLogprobs);
    }

    /** The same, of which only the rendered prompt is wanted. */
    GenerationParameters rendered() {
        return new GenerationParameters(model, format, keepAlive, options, think, truncate, shift, true, topLogprobs);
    }

    /** Whether a request without a prompt unloads the model instead of loading it. */
    boolean unloads() {
        return keepAlive.isPresent() && keepAlive.get().unloadsAtOnce();
    }
}
