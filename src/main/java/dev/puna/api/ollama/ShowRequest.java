// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.JsonObject;
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
record ShowRequest(
        String model,
        String system,
        Map<String, @Nullable Object> options,
        boolean verbose,
        String runner,
        boolean allManifests) {

    static ShowRequest read(JsonObject json) {
        return new ShowRequest(
                NamedModel.required(json),
                json.string("system"),
                json.anyMap("options"),
                json.bool("verbose", false),
                json.string("runner"),
                json.bool("all_manifests", false));
    }
}
