// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /api/show}. Source: contract 1.8.
 *
 * @param model the model as it was named
 * @param system shown instead of the model's own system message, unless empty
 * @param options shown as parameters in the Modelfile, besides the model's own
 * @param verbose whether arrays of the metadata are shown with their elements
 * @param runner which of several manifests is shown; empty for the best
 * @param allManifests whether every manifest that is here is shown
 */
public record ShowRequest(
        String model,
        String system,
        Map<String, @Nullable Object> options,
        boolean verbose,
        String runner,
        boolean allManifests) {

    public ShowRequest {
        requireNonNull(model, "model is null");
        requireNonNull(system, "system is null");
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        requireNonNull(runner, "runner is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest} in Go's words. */
    public static ShowRequest read(JsonObject json) {
        return new ShowRequest(
                NamedModel.required(json),
                json.string("system"),
                json.anyMap("options"),
                json.bool("verbose", false),
                json.string("runner"),
                json.bool("all_manifests", false));
    }
}
