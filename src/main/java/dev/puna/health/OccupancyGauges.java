// SPDX-License-Identifier: Apache-2.0
package dev.puna.health;

import dev.puna.scheduling.LoadedModels;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** Shows how much is going on at the moment somebody looks. */
@Singleton
public class OccupancyGauges implements MeterBinder {
    private final LoadedModels models;

    OccupancyGauges(LoadedModels models) {
        this.models = models;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(Measurements.QUEUE, models, all -> all.occupancy().waiting())
                .register(registry);
        Gauge.builder(Measurements.LOADED, models, all -> all.occupancy().loaded())
                .register(registry);
        Gauge.builder(Measurements.ACTIVE, models, all -> all.occupancy().active())
                .register(registry);
    }
}
