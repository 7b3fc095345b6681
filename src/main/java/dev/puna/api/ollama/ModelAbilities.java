// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.GgufFile;
import dev.puna.model.BuiltInFormats;
import dev.puna.model.Capabilities;
import dev.puna.model.Capability;
import dev.puna.model.GoTemplateTraits;
import dev.puna.model.ModelFacts;
import dev.puna.model.TemplateKind;
import dev.puna.settings.Settings;
import dev.puna.store.InstalledModel;
import dev.puna.template.PromptTemplate;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What installed models can do, and by which template they are spoken to.
 *
 * <p>Headers of weights are read once: blobs are named after their content and never change. Any thread; the first look at
 * a model reads its files.
 */
@Singleton
final class ModelAbilities {
    private static final int MOST_REMEMBERED = 256;

    private final Optional<Boolean> preferGo;

    private final Map<Path, ModelFacts> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, ModelFacts> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    ModelAbilities(Settings settings) {
        this.preferGo = settings.goTemplate();
    }

    /** What the model can do, in the order in which Ollama finds it out; contract 3.5. */
    List<Capability> of(InstalledModel model) {
        var projectors =
                model.projectors().stream().map(file -> facts(model, file)).toList();
        var templates = templates(model);
        return Capabilities.of(model.config(), weights(model), projectors, traits(templates.go()), templates.kind());
    }

    /** By which template the model is spoken to. */
    ModelTemplates templates(InstalledModel model) {
        var go = model.template();
        var jinja = weights(model).chatTemplate();
        var kind = jinja.isPresent() && preferGo.isEmpty() && BuiltInFormats.isNamedBy(model.config(), go)
                ? TemplateKind.JINJA
                : TemplateKind.choose(jinja, traits(go), preferGo);
        return new ModelTemplates(kind, kind == TemplateKind.GO ? go : Optional.empty());
    }

    /** Templates are checked before they come into the store; one from elsewhere may still be broken. */
    private static Optional<GoTemplateTraits> traits(Optional<String> template) {
        return template.map(text -> {
            try {
                return PromptTemplate.parse(text).traits();
            } catch (InvalidRequest _) {
                return GoTemplateTraits.NONE;
            }
        });
    }

    /** The Go template by which the model is spoken to, if not by the Jinja template inside its weights. */
    Optional<String> goTemplate(InstalledModel model) {
        return templates(model).go();
    }

    /** What the file of weights says about itself. */
    ModelFacts weights(InstalledModel model) {
        return facts(model, model.modelFile());
    }

    private ModelFacts facts(InstalledModel model, Path file) {
        synchronized (remembered) {
            var known = remembered.get(file);
            if (known != null) {
                return known;
            }
        }
        var facts = header(model, file).facts();
        synchronized (remembered) {
            remembered.put(file, facts);
        }
        return facts;
    }

    /** It was whole when it came into the store: if it is not any more, that is nothing the client did. */
    static GgufFile header(InstalledModel model, Path file, Gguf.Option... options) {
        try {
            return Gguf.read(file, options);
        } catch (InvalidRequest e) {
            var name = model.name().shortName();
            throw new StoreFailure("model '%s' is damaged, pull or create it again: %s".formatted(name, e.text()), e);
        }
    }
}
