// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.chat.Thinking;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Holds what a request demands against what a model can do, before the model is loaded. Source: contract 1.3 and 1.4.
 *
 * @param asked the model as the client names it
 * @param model the model
 * @param capabilities what it can do
 */
record CapabilityCheck(String asked, InstalledModel model, List<Capability> capabilities) {
    /** The values of {@code think} that the model is known to have. */
    Optional<ThinkingControls> controls() {
        return ThinkingControls.of(model.config(), model.template(), capabilities.contains(Capability.THINKING));
    }

    /** Refuses a model that makes images: nothing here does. */
    void refuseImageGeneration() {
        if (capabilities.contains(Capability.IMAGE)) {
            throw new InvalidRequest("image generation models are not currently supported");
        }
    }

    /** How much to reason, by the request and by what the model is made for. */
    Thinking thinking(Thinking wanted) {
        if (capabilities.contains(Capability.THINKING)) {
            if (wanted == Thinking.UNSET) {
                return Thinking.ON;
            }
            return model.config().isGptOss() && wanted == Thinking.MAX ? Thinking.HIGH : wanted;
        }
        if (wanted.wanted()) {
            throw new InvalidRequest(GoQuote.quoted(asked) + " does not support thinking" + hint());
        }
        return wanted;
    }

    /** What helps with models that were made before their kind was known to think. */
    private String hint() {
        var thinks = model.config().modelFamily().equals("qwen3")
                || model.name().model().equals("deepseek-r1");
        return thinks ? ". Pull the model again to get the latest version with full thinking support" : "";
    }

    /**
     * Refuses a model that lacks something.
     *
     * @param verb what the route does, for the message to a model that answers nothing
     */
    void require(String verb, List<Capability> needed) {
        var missing = needed.stream()
                .filter(capability -> !capabilities.contains(capability))
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
    void requireSight(int images) {
        if (images > 0 && !capabilities.contains(Capability.VISION) && !capabilities.contains(Capability.AUDIO)) {
            throw new InvalidRequest(GoQuote.quoted(asked) + " does not support images");
        }
    }

    /** Whether a full context drops its middle where the request does not say. */
    boolean shifts() {
        var config = model.config();
        return !config.modelFamily().equals("deepseek2")
                && !config.modelFamilies().contains("deepseek2");
    }

    /** The form that {@code format} asks for, given as JSON text. */
    static OutputFormat format(String json) {
        return switch (json) {
            case "null", "\"\"" -> new OutputFormat.Free();
            case "\"json\"" -> new OutputFormat.Json();
            case String schema when schema.startsWith("{") -> new OutputFormat.Schema(schema);
            case String other ->
                throw new InvalidRequest("invalid format: %s; expected \"json\" or a valid JSON Schema object"
                        .formatted(GoQuote.quoted(other)));
        };
    }
}
