// SPDX-License-Identifier: Apache-2.0
package dev.puna.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.scheduling.ModelScheduler;
import dev.puna.settings.Settings;
import dev.puna.support.ScriptedEngineLoader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadyForWorkTest {
    @TempDir
    Path store;

    @Test
    void a_server_with_a_store_takes_work() {
        var models = models(settings(store));

        assertThat(new ReadyForWork(settings(store), models).call().getStatus()).isEqualTo(Status.UP);
        assertThat(new SchedulerAlive(models).call().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_server_that_stops_takes_none_but_lives() {
        var models = models(settings(store));

        models.close();

        assertThat(new ReadyForWork(settings(store), models).call().getStatus()).isEqualTo(Status.DOWN);
        assertThat(new SchedulerAlive(models).call().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_server_whose_store_is_gone_takes_none() {
        var settings = settings(store.resolve("gone"));

        var answer = new ReadyForWork(settings, models(settings)).call();

        assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
        assertThat(answer.getData().orElseThrow().get("store")).asString().endsWith("gone cannot be read");
    }

    private static ModelScheduler models(Settings settings) {
        return new ModelScheduler(new ScriptedEngineLoader(), settings, new Measurements(new SimpleMeterRegistry()));
    }

    private static Settings settings(Path store) {
        return Settings.from(Map.of("PUNA_MODELS", store.toString(), "PUNA_THREADS", "1"));
    }
}
