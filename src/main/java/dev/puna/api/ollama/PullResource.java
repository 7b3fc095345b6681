// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.request.PullRequest;
import dev.puna.api.ollama.wire.StatusLine;
import dev.puna.registry.PullJob;
import dev.puna.registry.PullProgress;
import dev.puna.registry.PullService;
import dev.puna.registry.Repository;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /api/pull}. A client that leaves ends its pull; what has come is kept for the next one. Source: contract 4. */
@Path("/api/pull")
public final class PullResource {
    private final PullService pulls;

    PullResource(PullService pulls) {
        this.pulls = pulls;
    }

    /** Gets a model from a registry. */
    @POST
    public StreamedResponse pull(JsonBody body) {
        var request = PullRequest.read(body.object("PullRequest"));
        var repository = Repository.parse(request.name(), request.insecure());
        var job = pulls.job(repository, request.runner());
        Multi<StatusLine> progress = Multi.createFrom().emitter(statuses -> {
            statuses.onTermination(job::cancel);
            Thread.ofVirtual().name("pull").start(() -> run(job, statuses));
        });
        return StreamedResponse.progress(progress, request.streams());
    }

    private static void run(PullJob job, MultiEmitter<? super StatusLine> statuses) {
        try {
            job.run(step -> {
                // Of a blob that comes only as much is told as the client keeps up with.
                if (!isUnderWay(step) || statuses.requested() > 0) {
                    statuses.emit(PullStatus.of(step));
                }
            });
            statuses.complete();
        } catch (RuntimeException e) {
            statuses.fail(e);
        }
    }

    private static boolean isUnderWay(PullProgress step) {
        return step instanceof PullProgress.Blob(var _, var total, var done) && done < total;
    }
}
