// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.request.PullRequest;
import dev.puna.api.ollama.status.CreationStatus;
import dev.puna.api.ollama.status.JobStatuses;
import dev.puna.api.ollama.status.PullStatus;
import dev.puna.creation.CreationService;
import dev.puna.registry.PullService;
import dev.puna.registry.Repository;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /api/pull}. A client that leaves ends its pull; what has come is kept for the next one. Source: contract 4. */
@Path("/api/pull")
public final class PullResource {
    private final CreationService creations;
    private final PullService pulls;

    PullResource(CreationService creations, PullService pulls) {
        this.creations = creations;
        this.pulls = pulls;
    }

    /** Gets a model from a registry, or only what of it is said to be damaged. */
    @POST
    public StreamedResponse pull(JsonBody body) {
        var request = PullRequest.read(body.object("PullRequest"));
        var repository = Repository.parse(request.name(), request.insecure());
        var statuses = request.repair().isEmpty() ? pull(repository, request.runner()) : repair(repository, request);
        return StreamedResponse.progress(statuses.by(JobStatuses.waiting("pull")), request.streams());
    }

    private JobStatuses<?> pull(Repository repository, String runner) {
        var job = creations.pull(repository, runner);
        return new JobStatuses<>(job::run, job::cancel, CreationStatus::isPassing, CreationStatus::of);
    }

    private JobStatuses<?> repair(Repository repository, PullRequest request) {
        var job = pulls.repair(repository, request.repair());
        return new JobStatuses<>(job::run, job::cancel, PullStatus::isPassing, PullStatus::of);
    }
}
