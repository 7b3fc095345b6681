// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference.capability;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.GgufFile;
import dev.puna.model.BuiltInFormats;
import dev.puna.model.Capabilities;
import dev.puna.model.Digest;
import dev.puna.model.GoTemplateTraits;
import dev.puna.model.ModelFacts;
import dev.puna.model.TemplateKind;
import dev.puna.settings.Settings;
import dev.puna.store.InstalledModel;
import dev.puna.template.PromptTemplate;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What installed models can do, and by which template they are spoken to.
 *
 * <p>Headers of weights are read once, and Go templates are understood once: every request asks for both. Any thread; the
 * first look at a model reads its files.
 */
@Singleton
public final class CapabilityResolver {
    private final Optional<Boolean> preferGo;

    // By digests, which stand for content that never changes.
    private final LruCache<Digest, Header> headers = new LruCache<>();
    private final LruCache<Digest, GoTemplateTraits> traits = new LruCache<>();

    /** What is needed of a header for each request. */
    private record Header(ModelFacts facts, Map<String, Object> sampling) {
        Header {
            sampling = Collections.unmodifiableMap(new LinkedHashMap<>(sampling));
        }
    }

    /** One that prefers Go templates as the settings say. */
    public CapabilityResolver(Settings settings) {
        this.preferGo = settings.goTemplate();
    }

    /** What the model can do, in the order in which Ollama finds it out, and its templates; contract 3.5. */
    public ModelCapabilities of(InstalledModel model) {
        var projectors =
                model.projectors().stream().map(file -> facts(model, file)).toList();
        var go = model.template();
        var goTraits = go.flatMap(text -> model.templateDigest().map(digest -> traits.get(digest, _ -> traits(text))));
        var kind = kind(model, go, goTraits);
        var goCounts = kind == TemplateKind.GO;
        var capabilities = Capabilities.of(
                model.config(), weights(model), projectors, goCounts ? goTraits : Optional.empty(), kind);
        return new ModelCapabilities(capabilities, new ModelTemplates(kind, goCounts ? go : Optional.empty()));
    }

    private TemplateKind kind(InstalledModel model, Optional<String> go, Optional<GoTemplateTraits> goTraits) {
        var jinja = weights(model).chatTemplate();
        return jinja.isPresent() && preferGo.isEmpty() && BuiltInFormats.isNamedBy(model.config(), go)
                ? TemplateKind.JINJA
                : TemplateKind.choose(jinja, goTraits, preferGo);
    }

    /** Templates are checked before they come into the store; one from elsewhere may still be broken. */
    private static GoTemplateTraits traits(String template) {
        try {
            return PromptTemplate.parse(template).traits();
        } catch (InvalidRequest _) {
            return GoTemplateTraits.NONE;
        }
    }

    /** What the file of weights says about itself. */
    public ModelFacts weights(InstalledModel model) {
        return facts(model, model.modelFile());
    }

    private ModelFacts facts(InstalledModel model, Path file) {
        return remembered(model, file).facts();
    }

    /** Options that the makers of the weights recommend. */
    public Map<String, Object> sampling(InstalledModel model) {
        return remembered(model, model.modelFile()).sampling();
    }

    private Header remembered(InstalledModel model, Path file) {
        return headers.get(model.files().layerOf(file), _ -> {
            var header = header(model, file);
            return new Header(header.facts(), header.sampling());
        });
    }

    /** It was whole when it came into the store: if it is not any more, that is nothing the client did. */
    public static GgufFile header(InstalledModel model, Path file, Gguf.Option... options) {
        try {
            return Gguf.read(file, options);
        } catch (InvalidRequest e) {
            throw new StoreFailure(
                    "model '%s' is damaged, %s: %s"
                            .formatted(model.name().shortName(), model.files().remedy(), e.text()),
                    e);
        }
    }
}
