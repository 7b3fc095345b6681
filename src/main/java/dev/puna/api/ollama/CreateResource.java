// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.request.CreateRequest;
import dev.puna.api.ollama.status.CreationStatus;
import dev.puna.api.ollama.status.JobStatuses;
import dev.puna.api.ollama.wire.StatusLine;
import dev.puna.creation.CreationService;
import dev.puna.model.ModelName;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /api/create}. Source: contract 3.2. */
@RegisterForReflection(targets = StatusLine.class)
@Path("/api/create")
public final class CreateResource {
    private final CreationService creations;

    CreateResource(CreationService creations) {
        this.creations = creations;
    }

    /** Makes a model out of another one or out of uploaded files. */
    @POST
    public StreamedResponse create(JsonBody body) {
        var request = CreateRequest.read(body.object("CreateRequest"));
        var name = ModelName.parse(request.name());
        var job = creations.job(name, request.creation());
        var statuses = new JobStatuses<>(job::run, job::cancel, CreationStatus::isPassing, CreationStatus::of);
        return StreamedResponse.progress(statuses.by(JobStatuses.working("create")), request.streams());
    }
}
