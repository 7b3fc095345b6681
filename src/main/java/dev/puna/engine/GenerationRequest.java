// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import dev.puna.model.AdapterScales;
import dev.puna.model.GenerationOptions;
import java.util.OptionalInt;

/**
 * One answer wanted.
 *
 * @param prompt what to go on from
 * @param options sampling, length and stop strings
 * @param format the form of the answer
 * @param truncate whether a conversation too long for the context loses its oldest turns
 * @param shift whether a context that is full drops its middle and goes on, or ends with {@code length}
 * @param returnContext whether {@link GenerationEvent.Finished#context()} is wanted; it costs a tokenisation
 * @param promptProgress whether {@link GenerationEvent.PromptProgress} is wanted
 * @param topLogprobs absent for no log probabilities, else how many alternatives come with each token (0 to 20)
 * @param adapters which of the model's adapters count, and how much
 */
public record GenerationRequest(
        Prompt prompt,
        GenerationOptions options,
        OutputFormat format,
        boolean truncate,
        boolean shift,
        boolean returnContext,
        boolean promptProgress,
        OptionalInt topLogprobs,
        AdapterScales adapters) {

    public GenerationRequest {
        requireNonNull(prompt, "prompt is null");
        requireNonNull(options, "options is null");
        requireNonNull(format, "format is null");
        requireNonNull(topLogprobs, "topLogprobs is null");
        requireNonNull(adapters, "adapters is null");
    }

    /** With all adapters of the model. */
    public GenerationRequest(
            Prompt prompt,
            GenerationOptions options,
            OutputFormat format,
            boolean truncate,
            boolean shift,
            boolean returnContext,
            boolean promptProgress,
            OptionalInt topLogprobs) {
        this(prompt, options, format, truncate, shift, returnContext, promptProgress, topLogprobs, AdapterScales.ALL);
    }

    /** The same with these of the model's adapters. */
    public GenerationRequest withAdapters(AdapterScales wanted) {
        return new GenerationRequest(
                prompt, options, format, truncate, shift, returnContext, promptProgress, topLogprobs, wanted);
    }

    /** The same once more, for the answer of a number from 0: with a seed, each has one of its own. */
    public GenerationRequest forAnswer(int number) {
        var own = options.withSeedAfter(number);
        return new GenerationRequest(
                prompt, own, format, truncate, shift, returnContext, promptProgress, topLogprobs, adapters);
    }

    /** What is still wanted once the prompt has been made, without the texts and images that it was made of. */
    public GenerationRequest withoutPrompt() {
        return new GenerationRequest(
                new Prompt.Raw(""),
                options,
                format,
                truncate,
                shift,
                returnContext,
                promptProgress,
                topLogprobs,
                adapters);
    }
}
