// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.util.List;
import java.util.Optional;

/** Which of its templates a model's prompts are made with. Source: contract 3.5. */
public enum TemplateKind {
    /** The file of weights carries it. */
    JINJA,
    /** The model carries it as a layer. */
    GO,
    /** None: the prompt is what the user says. */
    NONE;

    /**
     * Chooses between the templates there are.
     *
     * @param jinja template in the weights
     * @param go template in a layer
     * @param preferGo what the user asked for, {@code OLLAMA_GO_TEMPLATE}; absent lets the server choose
     */
    public static TemplateKind choose(
            Optional<String> jinja, Optional<GoTemplateTraits> go, Optional<Boolean> preferGo) {
        if (jinja.isEmpty() || go.isEmpty()) {
            return jinja.isPresent() ? JINJA : go.isPresent() ? GO : NONE;
        }
        if (preferGo.isPresent()) {
            return preferGo.get() ? GO : JINJA;
        }
        return isBetter(new JinjaTemplate(jinja.get()), go.get()) ? JINJA : GO;
    }

    private static boolean isBetter(JinjaTemplate jinja, GoTemplateTraits go) {
        var ofJinja = jinja.capabilities();
        var ofGo = go.capabilities();
        if (ofJinja.size() != ofGo.size()) {
            return ofJinja.size() > ofGo.size();
        }
        return sameSet(ofJinja, ofGo)
                && ofJinja.contains(Capability.TOOLS)
                && jinja.takesToolResults()
                && !go.takesToolResults();
    }

    private static boolean sameSet(List<Capability> a, List<Capability> b) {
        return a.containsAll(b) && b.containsAll(a);
    }
}
