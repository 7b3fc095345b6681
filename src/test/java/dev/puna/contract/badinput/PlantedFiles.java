// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.support.TestServer;
import java.nio.file.Path;

/** Where files lie in the store of the test server, and what belongs or does not belong there. */
final class PlantedFiles {
    static final String MODEL = "application/vnd.ollama.image.model";
    static final byte[] EMPTY_CONFIG = "{}".getBytes(UTF_8);

    private static final String CONFIG = Digest.of(EMPTY_CONFIG).toString();

    private PlantedFiles() {}

    static String manifest(String layers) {
        return ("{'schemaVersion':2,'mediaType':'application/vnd.docker.distribution.manifest.v2+json','config':{'mediaType':"
                        + "'application/vnd.docker.container.image.v1+json','digest':'" + CONFIG
                        + "','size':2},'layers':["
                        + layers + "]}\n")
                .replace('\'', '"');
    }

    static Path path(String model) {
        return TestServer.models()
                .resolve("manifests")
                .resolve("registry.ollama.ai/library")
                .resolve(model)
                .resolve("latest");
    }

    static Path blob(String digest) {
        return TestServer.models().resolve("blobs").resolve(digest.replace(':', '-'));
    }

    static void fifo(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
    }
}
