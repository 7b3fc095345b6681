// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote into {@code puna.properties}. */
public final class PunaVersion {
    private PunaVersion() {}

    public static String read() {
        try (var file = PunaVersion.class.getResourceAsStream("/puna.properties")) {
            var properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("puna.properties could not be read from the program itself", e);
        }
    }
}
