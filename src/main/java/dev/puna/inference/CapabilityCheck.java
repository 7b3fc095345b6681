// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.inference.capability.ModelCapabilities;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Holds what a request demands against what a model can do, before the model is loaded. Source: contract 1.3 and 1.4.
 *
 * @param asked the model as the client names it
 * @param model the model
 * @param capabilities what it can do
 */
record CapabilityCheck(String asked, InstalledModel model, ModelCapabilities capabilities) {

    /** Refuses a model that makes images: nothing here does. */
    void refuseImageGeneration() {
        if (capabilities.include(Capability.IMAGE)) {
            throw new InvalidRequest("image generation models are not currently supported");
        }
    }

    /**
     * Refuses a model that lacks something.
     *
     * @param verb what is asked for, for the message to a model that answers nothing
     */
    void require(String verb, List<Capability> needed) {
        var missing = needed.stream()
                .filter(capability -> !capabilities.include(capability))
                .toList();
        if (missing.contains(Capability.COMPLETION)) {
            throw new InvalidRequest(GoQuote.quoted(asked) + " does not support " + verb);
        }
        if (!missing.isEmpty()) {
            var words = missing.stream().map(Capability::word).collect(Collectors.joining("\n"));
            throw new InvalidRequest(model.name().fullName() + " does not support " + words);
        }
    }

    /** Refuses images for a model that only reads. */
    void requireVision(int images) {
        if (images > 0 && !capabilities.include(Capability.VISION) && !capabilities.include(Capability.AUDIO)) {
            throw new InvalidRequest(GoQuote.quoted(asked) + " does not support images");
        }
    }

    /** Whether a full context drops its middle where the request does not say. */
    boolean shifts() {
        var config = model.config();
        return !config.modelFamily().equals("deepseek2")
                && !config.modelFamilies().contains("deepseek2");
    }
}
