// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.openai.wire.ModelObject;
import dev.puna.failure.NotFound;
import dev.puna.model.ModelName;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.function.Supplier;

/** {@code GET /v1/models} and {@code GET /v1/models/…}, whose names may have slashes. Source: contract 1.11, departure 9. */
@RegisterForReflection(targets = {ModelObject.class, ModelObject.Listing.class})
@Path("/v1/models")
public final class ModelsResource {
    private final ModelStore store;

    ModelsResource(ModelStore store) {
        this.store = store;
    }

    /** Every model of the store. */
    @GET
    public StreamedResponse models() {
        return whole(() -> ModelObject.Listing.of(
                store.list().stream().map(ModelsResource::object).toList()));
    }

    /** One model. */
    @GET
    @Path("/{id: .+}")
    public StreamedResponse model(@PathParam("id") String id) {
        return whole(() -> {
            var name = ModelName.parseReference(id);
            return store.find(name)
                    .map(ModelsResource::object)
                    .orElseThrow(() -> new NotFound("model '%s' not found".formatted(name.shortName())));
        });
    }

    private static StreamedResponse whole(Supplier<? extends Record> object) {
        return StreamedResponse.wholeBare(Uni.createFrom().item(object));
    }

    private static ModelObject object(InstalledModel model) {
        return ModelObject.of(
                model.name().shortName(),
                model.modifiedAt().getEpochSecond(),
                model.name().namespace());
    }
}
