// SPDX-License-Identifier: Apache-2.0
package dev.puna.health;

import dev.puna.scheduling.ModelScheduler;
import dev.puna.scheduling.Occupancy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.function.ToIntFunction;

/** Shows how much is going on at the moment somebody looks. */
@Singleton
public class OccupancyGauges implements MeterBinder {
    private final ModelScheduler models;

    OccupancyGauges(ModelScheduler models) {
        this.models = models;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, Measurements.QUEUE, "Requests that wait for a model", Occupancy::waiting);
        gauge(registry, Measurements.LOADED, "Models in memory", Occupancy::loaded);
        gauge(registry, Measurements.ACTIVE, "Requests that hold a model", Occupancy::active);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToIntFunction<Occupancy> value) {
        Gauge.builder(name, models, all -> value.applyAsInt(all.occupancy()))
                .description(description)
                .register(registry);
    }
}
