// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import dev.puna.settings.HomeFolder;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a user's files lie, by the XDG base directory specification.
 *
 * @param environment variables of the process
 */
public record UserFolders(Map<String, String> environment) {

    public UserFolders {
        environment = Map.copyOf(environment);
    }

    public Path home() {
        return HomeFolder.of(environment);
    }

    /** For what can be fetched again. */
    public Path cache() {
        return folder("XDG_CACHE_HOME", ".cache");
    }

    /** For logs and histories. */
    public Path state() {
        return folder("XDG_STATE_HOME", ".local/state");
    }

    /** A path that is not absolute is to be ignored, says the specification. */
    private Path folder(String variable, String below) {
        var named = environment.getOrDefault(variable, "");
        return (named.startsWith("/") ? Path.of(named) : home().resolve(below)).resolve("puna");
    }
}
