// SPDX-License-Identifier: Apache-2.0
package dev.puna.health;

import dev.puna.scheduling.ModelScheduler;
import dev.puna.settings.Settings;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether requests can be sent here: the store can be read, and the server is not about to stop. */
@Readiness
@Singleton
public class ReadyForWork implements HealthCheck {
    private final Settings settings;
    private final ModelScheduler models;

    ReadyForWork(Settings settings, ModelScheduler models) {
        this.settings = settings;
        this.models = models;
    }

    @Override
    public HealthCheckResponse call() {
        var readable = Files.isReadable(settings.models());
        var stopping = models.stopping();
        return HealthCheckResponse.named("ready for work")
                .status(readable && !stopping)
                .withData("store", settings.models() + (readable ? "" : " cannot be read"))
                .withData("stopping", stopping)
                .build();
    }
}
