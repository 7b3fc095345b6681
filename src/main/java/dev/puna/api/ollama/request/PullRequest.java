// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.model.Digest;
import dev.puna.model.Runners;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The body of {@code /api/pull}. Source: contract 4, addendum 2.
 *
 * @param name the model, as it was sent
 * @param runner which manifest of a list is meant; empty for the best one
 * @param insecure whether the registry may be asked by {@code http} and send on to anywhere
 * @param streams whether the client wants every status
 * @param repair Puna's own: blobs of the model to get again, and nothing else
 */
public record PullRequest(String name, String runner, boolean insecure, boolean streams, Set<Digest> repair) {
    public PullRequest {
        requireNonNull(name, "name is null");
        requireNonNull(runner, "runner is null");
        repair = Set.copyOf(repair);
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static PullRequest read(JsonObject json) {
        return new PullRequest(
                NamedModel.asSent(json),
                Runners.asked(json.string("runner")),
                json.bool("insecure", false),
                json.bool("stream", true),
                json.strings("repair").stream().map(Digest::parse).collect(Collectors.toSet()));
    }
}
