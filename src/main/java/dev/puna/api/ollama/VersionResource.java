// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.VersionAnswer;
import io.quarkus.runtime.ApplicationConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** {@code GET /api/version}. Source: contract 1.1. */
@RegisterForReflection(targets = VersionAnswer.class)
@Path("/api/version")
public final class VersionResource {
    /** The newest Ollama whose behaviour is described and implemented; src/docs/api-compatibility.md lists what of it is not. */
    public static final String IMPLEMENTED = "0.40.2";

    private final VersionAnswer answer;

    VersionResource(ApplicationConfig own) {
        answer = new VersionAnswer(IMPLEMENTED, own.version().orElse("unknown"));
    }

    /** What clients decide by whether a feature is there. */
    @GET
    public VersionAnswer version() {
        return answer;
    }
}
