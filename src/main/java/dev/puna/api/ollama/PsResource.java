// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.RunningModels;
import dev.puna.scheduling.RunningModel;
import dev.puna.scheduling.Scheduling;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Comparator;

/** {@code GET /api/ps}. Source: contract 1.8. */
@Path("/api/ps")
public final class PsResource {
    /** What Ollama means by "for ever": as long as its durations get, 292 years. */
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final Scheduling scheduling;

    PsResource(Scheduling scheduling) {
        this.scheduling = scheduling;
    }

    /** The models in memory and those on their way there. */
    @GET
    public RunningModels running() {
        var now = Instant.now();
        return new RunningModels(scheduling.running().stream()
                .sorted(Comparator.comparing(RunningModel::expiresAt).reversed())
                .map(model -> entry(model, now))
                .toList());
    }

    private static RunningModels.Entry entry(RunningModel running, Instant now) {
        var model = running.model();
        var name = model.name().shortName();
        return new RunningModels.Entry(
                name,
                name,
                running.bytes(),
                model.digest().hex(),
                Details.ofRunning(model),
                expiry(running.expiresAt(), now),
                running.deviceBytes(),
                running.contextLength(),
                model.runner());
    }

    private static OffsetDateTime expiry(Instant expiresAt, Instant now) {
        var latest = now.plus(FOREVER);
        var shown = expiresAt.isAfter(latest) ? latest : expiresAt;
        return shown.atZone(ZoneId.systemDefault()).toOffsetDateTime();
    }
}
