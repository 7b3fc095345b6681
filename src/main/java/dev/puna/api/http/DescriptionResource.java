// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The description of the API, as it is written in {@code META-INF/openapi.yaml}. Quarkus' extension for it reads and rewrites that
 * file at every start, which took a fifth of it.
 */
@Path("/q/openapi")
public final class DescriptionResource {
    /** RFC 9512. */
    private static final String YAML = "application/yaml";

    /** Always YAML, whatever the client would rather have. */
    @GET
    public Response description() {
        try (var file = open()) {
            return Response.ok(file.readAllBytes(), YAML).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open() {
        return Objects.requireNonNull(
                DescriptionResource.class.getResourceAsStream("/META-INF/openapi.yaml"), "no description");
    }
}
