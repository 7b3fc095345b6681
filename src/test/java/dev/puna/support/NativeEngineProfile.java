// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The server with real engines instead of those of {@link ScriptedServer}. */
public final class NativeEngineProfile implements QuarkusTestProfile {
    static final String PROPERTY = "puna.test.native-engine";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(PROPERTY, "true");
    }
}
