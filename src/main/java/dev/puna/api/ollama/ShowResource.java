// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.ollama.request.ShowRequest;
import dev.puna.api.ollama.wire.AllManifests;
import dev.puna.api.ollama.wire.ModelCard;
import dev.puna.api.ollama.wire.ModelDetails;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.GgufFile;
import dev.puna.inference.ModelAdapters;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.inference.capability.ModelCapabilities;
import dev.puna.inference.capability.ThinkingControls;
import dev.puna.model.Capability;
import dev.puna.model.ModelName;
import dev.puna.model.Runners;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/show}. Source: contract 1.8. */
@RegisterForReflection(
        targets = {
            ModelCard.class,
            ModelCard.Message.class,
            ModelCard.Tensor.class,
            ModelCard.Variant.class,
            ModelCard.Adapter.class,
            AllManifests.class,
            AllManifests.Entry.class,
            ModelCard.ThinkingValues.class,
            ModelDetails.class
        })
@Path("/api/show")
public final class ShowResource {
    /** The template of a model that has none. */
    private static final String PROMPT_ONLY = "{{ .Prompt }}";

    /** This client takes the model's base name for the name to ask for. */
    private static final String COPILOT = "GitHubCopilotChat/";

    private final ModelStore store;
    private final CapabilityResolver resolver;

    ShowResource(ModelStore store, CapabilityResolver resolver) {
        this.store = store;
        this.resolver = resolver;
    }

    /** All there is to know about a model. */
    @POST
    public Object show(JsonBody body, @HeaderParam("User-Agent") @Nullable String client) {
        var request = ShowRequest.read(body.object("ShowRequest"));
        if (!request.allManifests()) {
            return card(find(request.model(), request.runner()), request, client);
        }
        if (!request.runner().isEmpty()) {
            throw new InvalidRequest("runner cannot be used with all_manifests");
        }
        var variants = find(request.model(), "").variants();
        var models = variants.stream()
                .map(variant -> find(request.model(), variant.runner()))
                .toList();
        return AllManifests.of(
                models.stream().map(model -> card(model, request, client)).toList());
    }

    private InstalledModel find(String sent, String runner) {
        var name = ModelName.parseReference(sent);
        return store.find(name, Runners.asked(runner))
                .orElseThrow(() -> new NotFound("model '%s' not found".formatted(name.shortName())));
    }

    private ModelCard card(InstalledModel model, ShowRequest request, @Nullable String client) {
        var weights = header(model, model.modelFile(), request);
        var info = Metadata.of(weights, request.verbose());
        if (client != null && client.startsWith(COPILOT)) {
            info.put("general.basename", request.model());
        }
        return card(model, request, weights, info);
    }

    private ModelCard card(
            InstalledModel model, ShowRequest request, GgufFile weights, Map<String, @Nullable Object> info) {
        var capabilities = resolver.of(model);
        var template = model.template().orElse(PROMPT_ONLY);
        var system = request.system().isEmpty() ? model.system().orElse("") : request.system();
        var messages = model.messages().stream()
                .map(message -> new ModelCard.Message(message.role(), message.content()))
                .toList();
        // Shown is the template that is in use: the one inside the weights where prompts are made with that.
        var inUse = capabilities
                .templates()
                .go()
                .or(() -> weights.facts().chatTemplate())
                .orElse(template);
        return new ModelCard(
                String.join("\n", model.licenses()),
                ModelfileText.of(model, template, system, request.options()),
                ParameterText.lines(model.parameters()),
                inUse,
                system,
                Details.of(model, null, null),
                messages,
                info,
                projector(model, request),
                request.verbose() ? Metadata.tensors(weights) : List.of(),
                capabilities.words(),
                thinking(model, capabilities),
                model.modifiedAt().atZone(ZoneId.systemDefault()).toOffsetDateTime(),
                model.config().requires().orElse(""),
                model.variants().size() < 2 ? List.of() : variants(model),
                adapters(model));
    }

    private static List<ModelCard.Adapter> adapters(InstalledModel model) {
        var shown = new ArrayList<ModelCard.Adapter>();
        for (var one : ModelAdapters.of(model).all()) {
            shown.add(
                    new ModelCard.Adapter(shown.size(), one.name(), one.digest().text()));
        }
        return shown;
    }

    private static List<ModelCard.Variant> variants(InstalledModel model) {
        return model.variants().stream()
                .map(one -> new ModelCard.Variant(
                        one.digest().text(),
                        one.runner(),
                        one.format(),
                        one.digest().equals(model.digest())))
                .toList();
    }

    private static ModelCard.@Nullable ThinkingValues thinking(InstalledModel model, ModelCapabilities capabilities) {
        return ThinkingControls.of(model.config(), model.template(), capabilities.include(Capability.THINKING))
                .map(known -> new ModelCard.ThinkingValues(known.plainValues(), known.plainUsual()))
                .orElse(null);
    }

    private static @Nullable Map<String, @Nullable Object> projector(InstalledModel model, ShowRequest request) {
        var files = model.projectors();
        return files.isEmpty() ? null : Metadata.of(header(model, files.getFirst(), request), request.verbose());
    }

    private static GgufFile header(InstalledModel model, java.nio.file.Path file, ShowRequest request) {
        return request.verbose()
                ? CapabilityResolver.header(model, file, Gguf.Option.ALL_ARRAYS)
                : CapabilityResolver.header(model, file);
    }
}
