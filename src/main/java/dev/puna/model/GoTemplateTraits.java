// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.List;

/**
 * What a Go template tells of its model. Source: contract 3.5.
 *
 * @param capabilities what the template has a place for, in the order in which Ollama asks for it
 * @param takesToolResults whether calls and what came of them go back into the prompt
 */
public record GoTemplateTraits(List<Capability> capabilities, boolean takesToolResults) {
    /** Those of a template that cannot be understood. */
    public static final GoTemplateTraits NONE = new GoTemplateTraits(List.of(), false);

    public GoTemplateTraits {
        capabilities = List.copyOf(capabilities);
    }
}
