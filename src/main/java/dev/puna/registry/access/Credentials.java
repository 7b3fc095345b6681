// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names and passwords of registries, as {@code docker login} and its kin leave them: {@code auths} in {@code config.json}. Those that
 * a helper program keeps are not asked for. The file is read at each question, so a login counts at once. <b>Threads:</b> any.
 *
 * @param folder the folder of that file
 */
record Credentials(Path folder) {
    private static final int LONGEST = 1 << 20;

    /** Name and password of a host, joined by a colon and in base64, as {@code Authorization: Basic} wants them. */
    Optional<String> basic(String hostAndPort) {
        var file = folder.resolve("config.json");
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
                return Optional.empty();
            }
            var auths = RegistryJson.read(Files.readAllBytes(file)).path("auths");
            for (var key : new String[] {hostAndPort, "https://" + hostAndPort, "http://" + hostAndPort}) {
                var auth = auths.path(key).path("auth").asText("");
                if (!auth.isEmpty()) {
                    SecretFile.warnIfOpenToOthers(file);
                    return Optional.of(auth);
                }
            }
            return Optional.empty();
        } catch (IOException _) {
            // A file that cannot be read holds nothing for this program; the registry's answer says what is missing.
            return Optional.empty();
        }
    }
}
