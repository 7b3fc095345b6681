// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.RunningModels;
import dev.puna.engine.Refusal;
import dev.puna.model.ModelName;
import dev.puna.scheduling.RunningModel;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.ModelStore;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code GET /api/ps}. Source: contract 1.8. */
@Path("/api/ps")
public final class PsResource {
    /** What Ollama means by "for ever": as long as its durations get, 292 years. */
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final Scheduling scheduling;
    private final ModelStore store;

    PsResource(Scheduling scheduling, ModelStore store) {
        this.scheduling = scheduling;
        this.store = store;
    }

    /** The models in memory, those on their way there, and those that are refused for a while (departure 31). */
    @GET
    public RunningModels running() {
        var now = Instant.now();
        var running = scheduling.running();
        var names =
                running.stream().map(model -> model.model().name().shortName()).collect(Collectors.toSet());
        var refused = scheduling.refusals().stream().filter(refusal -> !names.contains(refusal.model()));
        return new RunningModels(Stream.concat(
                        running.stream().map(model -> entry(model, now)),
                        refused.flatMap(refusal -> entry(refusal, now).stream()))
                .sorted(Comparator.comparing(RunningModels.Entry::expiresAt).reversed())
                .toList());
    }

    /** Nothing if it has been deleted. */
    private Optional<RunningModels.Entry> entry(Refusal refusal, Instant now) {
        return store.find(ModelName.parse(refusal.model()))
                .map(model -> new RunningModels.Entry(
                        refusal.model(),
                        refusal.model(),
                        0,
                        model.digest().hex(),
                        Details.ofRunning(model),
                        expiry(now.plus(refusal.left()), now),
                        0,
                        0,
                        model.runner(),
                        refusal.reason()));
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
                model.runner(),
                "");
    }

    private static OffsetDateTime expiry(Instant expiresAt, Instant now) {
        var latest = now.plus(FOREVER);
        var shown = expiresAt.isAfter(latest) ? latest : expiresAt;
        return shown.atZone(ZoneId.systemDefault()).toOffsetDateTime();
    }
}
