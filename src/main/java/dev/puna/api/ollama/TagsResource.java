// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.ModelDetails;
import dev.puna.api.ollama.wire.ModelList;
import dev.puna.failure.Failure;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.model.ModelFacts;
import dev.puna.store.BlobShares;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/tags}. Source: contract 1.8. */
@RegisterForReflection(targets = {ModelList.class, ModelList.Entry.class, ModelDetails.class})
@Path("/api/tags")
public final class TagsResource {
    private final ModelStore store;
    private final CapabilityResolver resolver;

    TagsResource(ModelStore store, CapabilityResolver resolver) {
        this.store = store;
        this.resolver = resolver;
    }

    /**
     * Every model of the store.
     *
     * @param sizes whether it shall be said, too, which bytes models share; Puna's own
     */
    @GET
    public ModelList models(@QueryParam("sizes") boolean sizes) {
        var models = store.list();
        if (!sizes) {
            return new ModelList(
                    models.stream().map(model -> entry(model, null)).toList(), null);
        }
        var shares = new BlobShares(models);
        return new ModelList(models.stream().map(model -> entry(model, shares)).toList(), shares.total());
    }

    private ModelList.Entry entry(InstalledModel model, @Nullable BlobShares shares) {
        var name = model.name().shortName();
        return new ModelList.Entry(
                name,
                name,
                model.config().remoteModel().orElse(""),
                model.config().remoteHost().orElse(""),
                model.modifiedAt().atZone(ZoneId.systemDefault()).toOffsetDateTime(),
                model.size(),
                model.digest().hex(),
                details(model),
                capabilities(model),
                shares == null ? null : shares.own(model),
                shares == null ? null : shares.shared(model));
    }

    private ModelDetails details(InstalledModel model) {
        var config = model.config();
        var facts = facts(model);
        return Details.of(
                model,
                number(config.contextLength(), facts, ModelFacts::contextLength),
                number(config.embeddingLength(), facts, ModelFacts::embeddingLength));
    }

    private static @Nullable Long number(
            OptionalLong said, Optional<ModelFacts> facts, Function<ModelFacts, OptionalLong> read) {
        var number = said.isPresent() ? said : facts.map(read).orElse(OptionalLong.empty());
        return number.isPresent() ? number.getAsLong() : null;
    }

    /** One model whose files are damaged must not hide the others. */
    private Optional<ModelFacts> facts(InstalledModel model) {
        try {
            return Optional.of(resolver.weights(model));
        } catch (Failure _) {
            return Optional.empty();
        }
    }

    private List<String> capabilities(InstalledModel model) {
        try {
            return resolver.of(model).words();
        } catch (Failure _) {
            return model.config().capabilities();
        }
    }
}
