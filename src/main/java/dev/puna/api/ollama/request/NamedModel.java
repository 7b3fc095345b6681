// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import dev.puna.api.json.JsonObject;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.model.ModelName;
import java.util.Optional;

/** The model that a request of the management routes names: by {@code model}, or by {@code name} as old clients do. */
public final class NamedModel {
    private NamedModel() {}

    /** The name as it was sent, empty if there is none. */
    static String asSent(JsonObject request) {
        var model = request.string("model");
        return model.isEmpty() ? request.string("name") : model;
    }

    /** The name as it was sent; refuses a request without one. */
    public static String required(JsonObject request) {
        var sent = asSent(request);
        if (sent.isEmpty()) {
            throw new InvalidRequest("model is required");
        }
        return sent;
    }

    /** The name, or a refusal that calls it {@code what}. */
    public static ModelName parse(String sent, String what) {
        return parsed(sent)
                .orElseThrow(() -> new InvalidRequest("%s %s is invalid".formatted(what, GoQuote.quoted(sent))));
    }

    private static Optional<ModelName> parsed(String sent) {
        try {
            return Optional.of(ModelName.parseReference(sent));
        } catch (InvalidRequest _) {
            return Optional.empty();
        }
    }
}
