// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.VersionAnswer;
import dev.puna.model.OllamaVersion;
import io.quarkus.runtime.ApplicationConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** {@code GET /api/version}. Source: contract 1.1. */
@RegisterForReflection(targets = VersionAnswer.class)
@Path("/api/version")
public final class VersionResource {
    private final VersionAnswer answer;

    VersionResource(ApplicationConfig own) {
        answer = new VersionAnswer(OllamaVersion.IMPLEMENTED, own.version().orElse("unknown"));
    }

    /** What clients decide by whether a feature is there. */
    @GET
    public VersionAnswer version() {
        return answer;
    }
}
