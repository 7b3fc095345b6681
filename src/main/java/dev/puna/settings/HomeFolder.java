// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import java.nio.file.Path;
import java.util.Map;

/** Where a user's files lie: what {@code HOME} says, or else what the system says of the user. */
public final class HomeFolder {
    /** What the JDK has for the home of a user whom the system does not know. */
    static final String NONE = "?";

    private HomeFolder() {}

    /** The folder by the variables of a process. */
    public static Path of(Map<String, String> environment) {
        var home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home", NONE) : home);
    }
}
