// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.client;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words that start {@code puna serve} from here: through the launcher that started this command
 * ({@code PUNA_LAUNCHER} names it), or the way this very program was started.
 */
final class LaunchCommand {
    private static final String PACKAGED = "quarkus-run.jar";

    private final Map<String, String> environment;

    LaunchCommand(Map<String, String> environment) {
        this.environment = requireNonNull(environment, "environment is null");
    }

    /** Nothing if this program was started in a way that cannot serve. */
    Optional<List<String>> words() {
        var launcher = environment.getOrDefault("PUNA_LAUNCHER", "").strip();
        if (!launcher.isEmpty()) {
            return Optional.of(List.of(launcher, "serve"));
        }
        if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            return ProcessHandle.current().info().command().map(program -> List.of(program, "serve"));
        }
        var classPath = System.getProperty("java.class.path", "");
        if (classPath.endsWith(PACKAGED) && !classPath.contains(File.pathSeparator)) {
            var java =
                    Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
            return Optional.of(List.of(java, "--enable-native-access=ALL-UNNAMED", "-jar", classPath, "serve"));
        }
        return Optional.empty();
    }
}
