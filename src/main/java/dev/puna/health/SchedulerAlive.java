// SPDX-License-Identifier: Apache-2.0
package dev.puna.health;

import dev.puna.scheduling.ModelScheduler;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Answers as long as the scheduler does: a server whose scheduler hangs had better be restarted. */
@Liveness
@Singleton
public class SchedulerAlive implements HealthCheck {
    private final ModelScheduler models;

    SchedulerAlive(ModelScheduler models) {
        this.models = models;
    }

    @Override
    public HealthCheckResponse call() {
        var occupancy = models.occupancy();
        return HealthCheckResponse.named("scheduler")
                .up()
                .withData("waiting", occupancy.waiting())
                .withData("loaded", occupancy.loaded())
                .withData("active", occupancy.active())
                .build();
    }
}
