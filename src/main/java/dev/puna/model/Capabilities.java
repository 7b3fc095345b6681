// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Finds out what a model can do from what it says about itself. Source: contract 3.5. */
public final class Capabilities {
    private Capabilities() {}

    /**
     * The capabilities of a model, each once, in the order in which Ollama discovers them.
     *
     * @param config configuration, whose word on capabilities comes first
     * @param weights facts of the first file of weights
     * @param projectors facts of the projectors
     * @param goTemplate template in a layer
     * @param kind which template makes the prompts
     */
    public static List<Capability> of(
            ModelConfig config,
            ModelFacts weights,
            List<ModelFacts> projectors,
            Optional<GoTemplateTraits> goTemplate,
            TemplateKind kind) {
        var found = new LinkedHashSet<Capability>();
        config.capabilities().forEach(word -> Capability.ofWord(word).ifPresent(found::add));
        if (kind == TemplateKind.JINJA) {
            weights.chatTemplate().ifPresent(jinja -> found.addAll(new JinjaTemplate(jinja).capabilities()));
        }
        found.add(
                weights.ranking()
                        ? Capability.RERANK
                        : weights.pooling() ? Capability.EMBEDDING : Capability.COMPLETION);
        if (weights.visionBlocks() > 0) {
            found.add(Capability.VISION);
        }
        if (weights.audioBlocks() > 0) {
            found.add(Capability.AUDIO);
        }
        if (!projectors.isEmpty()) {
            found.add(Capability.VISION);
        }
        if (projectors.stream().anyMatch(ModelFacts::audioEncoder)) {
            found.add(Capability.AUDIO);
        }
        goTemplate.ifPresent(go -> found.addAll(go.capabilities()));
        if (config.isGptOss()) {
            found.add(Capability.THINKING);
        }
        return List.copyOf(found);
    }
}
