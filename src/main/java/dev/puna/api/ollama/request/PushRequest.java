// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;

/**
 * The body of {@code /api/push}. Source: contract 4.
 *
 * @param name the model, as it was sent
 * @param insecure whether the registry may be asked by {@code http} and send on to anywhere
 * @param streams whether the client wants every status
 */
public record PushRequest(String name, boolean insecure, boolean streams) {
    public PushRequest {
        requireNonNull(name, "name is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static PushRequest read(JsonObject json) {
        return new PushRequest(NamedModel.required(json), json.bool("insecure", false), json.bool("stream", true));
    }
}
