// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.engine.NativeEngineLoader;
import dev.puna.scheduling.LoadedModels;
import dev.puna.scheduling.SchedulingEvents;
import dev.puna.settings.Settings;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Gives the server of tests under {@link NativeEngineProfile} the real scheduling and engines of the native libraries. */
@Singleton
@IfBuildProperty(name = NativeEngineProfile.PROPERTY, stringValue = "true")
public class NativeServer {
    @Produces
    @Singleton
    @Alternative
    @Priority(2)
    LoadedModels scheduling(Settings settings) {
        return new LoadedModels(new NativeEngineLoader(TestModels.nativeLibraries()), settings, new NobodyCounts());
    }

    void unload(@Disposes LoadedModels models) {
        models.close();
    }

    private static final class NobodyCounts implements SchedulingEvents {
        @Override
        public void loaded(String model, Duration took) {}

        @Override
        public void loadFailed(String model) {}

        @Override
        public void firstPiece(String model, Duration after) {}

        @Override
        public void answered(String model, int promptTokens, int generatedTokens) {}

        @Override
        public void embedded(String model, int promptTokens) {}

        @Override
        public void failed(String model) {}
    }
}
