// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Gives the server that tests share engines that follow a script, so that it needs no models and no native library; but for
 * tests under {@link NativeEngineProfile}.
 */
@Singleton
public class ScriptedServer {
    @Produces
    @Singleton
    ScriptedEngineLoader loader() {
        return new ScriptedEngineLoader();
    }

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    @UnlessBuildProperty(name = NativeEngineProfile.PROPERTY, stringValue = "true", enableIfMissing = true)
    InstantScheduling scheduling(ScriptedEngineLoader loader) {
        return new InstantScheduling(loader);
    }
}
