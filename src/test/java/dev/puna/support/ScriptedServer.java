// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Gives the server that tests share engines that follow a script, so that it needs no models and no native library; but not
 * to tests under {@link NativeEngineProfile}.
 */
@Singleton
@UnlessBuildProperty(name = NativeEngineProfile.PROPERTY, stringValue = "true", enableIfMissing = true)
public class ScriptedServer {
    @Produces
    @Singleton
    ScriptedEngineLoader loader() {
        return new ScriptedEngineLoader();
    }
}
