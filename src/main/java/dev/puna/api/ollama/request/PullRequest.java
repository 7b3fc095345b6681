// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.model.Runners;

/**
 * The body of {@code /api/pull}. Source: contract 4, addendum 2.
 *
 * @param name the model, as it was sent
 * @param runner which manifest of a list is meant; empty for the best one
 * @param insecure whether the registry may be asked by {@code http} and send on to anywhere
 * @param streams whether the client wants every status
 */
public record PullRequest(String name, String runner, boolean insecure, boolean streams) {
    public PullRequest {
        requireNonNull(name, "name is null");
        requireNonNull(runner, "runner is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static PullRequest read(JsonObject json) {
        return new PullRequest(
                NamedModel.asSent(json),
                Runners.asked(json.string("runner")),
                json.bool("insecure", false),
                json.bool("stream", true));
    }
}
