// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.request.PushRequest;
import dev.puna.api.ollama.status.JobStatuses;
import dev.puna.api.ollama.status.PushStatus;
import dev.puna.registry.PushService;
import dev.puna.registry.Repository;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /api/push}. A client that leaves ends its push; the next one goes on from there. Source: contract 4. */
@Path("/api/push")
public final class PushResource {
    private final PushService pushes;

    PushResource(PushService pushes) {
        this.pushes = pushes;
    }

    /** Brings a model to a registry. */
    @POST
    public StreamedResponse push(JsonBody body) {
        var request = PushRequest.read(body.object("PushRequest"));
        var job = pushes.job(Repository.parse(request.name(), request.insecure()));
        var statuses = new JobStatuses<>(job::run, job::cancel, PushStatus::isPassing, PushStatus::of);
        return StreamedResponse.progress(statuses.by(JobStatuses.waiting("push")), request.streams());
    }
}
