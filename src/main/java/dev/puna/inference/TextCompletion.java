// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.Image;
import dev.puna.model.IntList;
import java.util.List;
import java.util.Optional;

/**
 * What follows a prompt.
 *
 * @param parameters what it shares with other generations
 * @param prompt what to answer; empty, as the suffix, to load or unload the model
 * @param suffix text that should follow the answer
 * @param system replaces the model's system text unless empty
 * @param template replaces the model's template unless empty
 * @param context tokens of an earlier exchange, which is taken over as it is; present even when empty if it was sent
 * @param raw whether the prompt goes before the model as it is
 * @param images images that belong to the prompt
 */
public record TextCompletion(
        GenerationParameters parameters,
        String prompt,
        String suffix,
        String system,
        String template,
        Optional<List<Integer>> context,
        boolean raw,
        List<Image> images)
        implements CompletionRequest {

    public TextCompletion {
        requireNonNull(parameters, "parameters is null");
        requireNonNull(prompt, "prompt is null");
        requireNonNull(suffix, "suffix is null");
        requireNonNull(system, "system is null");
        requireNonNull(template, "template is null");
        context = context.map(IntList::copyOf);
        images = List.copyOf(images);
    }
}
