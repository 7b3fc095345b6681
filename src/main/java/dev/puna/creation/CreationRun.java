// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import dev.puna.creation.CreationProgress.Step;
import dev.puna.engine.Quantizer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.model.Digest;
import dev.puna.model.FileType;
import dev.puna.model.ModelName;
import dev.puna.model.WeightRules;
import dev.puna.registry.Repository;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelDraft;
import dev.puna.store.ModelStore;
import dev.puna.template.PromptTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One model being made, step by step. What is cancelled before the manifest is written leaves no model. <b>Threads:</b> it is run
 * once, by one that may wait for the disk, and cancelled by any. Source: contract 3.2.
 */
final class CreationRun implements SharedCreations.Work {
    private final ModelStore store;
    private final Quantizer quantizer;
    private final Function<Repository, ModelPull> pulls;
    private final ModelName name;
    private final CreationRequest request;
    private volatile boolean cancelled;
    private volatile Optional<ModelPull> pull = Optional.empty();

    /**
     * @param pulls gets a model to start from that is not here
     */
    CreationRun(
            ModelStore store,
            Quantizer quantizer,
            Function<Repository, ModelPull> pulls,
            ModelName name,
            CreationRequest request) {
        this.store = store;
        this.quantizer = quantizer;
        this.pulls = pulls;
        this.name = name;
        this.request = request;
    }

    /** Nobody wants the model any more. Quantising ends at the next tensor; a job that is done stays done. */
    @Override
    public void cancel() {
        cancelled = true;
        pull.ifPresent(ModelPull::cancel);
    }

    /**
     * Makes the model.
     *
     * @param progress told of each step, on this thread, the last when the model is in the store
     * @throws dev.puna.failure.Failure if the request cannot be done, or was cancelled; then nothing is left of it
     */
    @Override
    public void run(Consumer<CreationProgress> progress) {
        try (var _ = store.hold(importance());
                var imported = new ImportedFiles(store, progress, () -> cancelled);
                var draft = store.draft()) {
            start(draft, imported, progress);
            change(draft);
            draft.statuses().forEach(status -> progress.accept(new CreationProgress.Layer(status)));
            progress.accept(Step.WRITING_MANIFEST);
            if (cancelled) {
                throw new Cancelled("request canceled");
            }
            draft.save(name);
        }
        progress.accept(Step.DONE);
    }

    private void start(ModelDraft draft, ImportedFiles imported, Consumer<CreationProgress> progress) {
        var weights = requantization(request.quantize(), request.rules(), progress);
        if (FileType.needsImportance(request.quantize()) || !request.rules().isEmpty()) {
            weights.requireKnown();
        }
        var safetensors = new SafetensorsImport(store, progress, () -> cancelled, name.model());
        var files = new CreationFiles(store, progress, safetensors);
        if (!request.from().isEmpty()) {
            var parent = parent(progress);
            if (parent.files().ofStore()) {
                draft.inherit(parent);
            } else {
                files.add(draft, parent, imported, weights);
            }
        } else if (request.files().isPresent()) {
            files.add(draft, request.files().get(), weights);
        } else {
            throw new InvalidRequest("neither 'from' or 'files' was specified");
        }
        weights.apply(draft);
        if (!request.adapters().isEmpty()) {
            files.addAdapter(draft, request.adapters());
        }
        if (!request.drafts().isEmpty()) {
            files.addDraft(
                    draft, request.drafts(), requantization(request.draftQuantize(), WeightRules.NONE, progress));
        }
    }

    private Requantization requantization(String type, WeightRules rules, Consumer<CreationProgress> progress) {
        return new Requantization(store, quantizer, type, rules, progress, () -> cancelled);
    }

    /** What must not be removed before it is used. */
    private List<Digest> importance() {
        var digest = request.rules().importance();
        return digest.isEmpty() ? List.of() : List.of(Digest.parse(digest));
    }

    private InstalledModel parent(Consumer<CreationProgress> progress) {
        var from = ModelName.parseReference(request.from());
        var parent = store.find(from)
                .or(() -> {
                    pull(progress);
                    return store.find(from);
                })
                .orElseThrow(() -> new NotFound("model '%s' not found".formatted(from.shortName())));
        if (parent.config().remoteHost().isPresent()) {
            throw new InvalidRequest("this server cannot run this remote model");
        }
        return parent;
    }

    private void pull(Consumer<CreationProgress> progress) {
        var job = pulls.apply(Repository.parse(request.from(), false));
        pull = Optional.of(job);
        if (cancelled) {
            job.cancel();
        }
        job.run(step -> {
            // What has succeeded by then is not what was asked for.
            if (!ModelPull.isDone(step)) {
                progress.accept(step);
            }
        });
    }

    /** Adds what the request names to the draft, in the order of the layers in the manifest. */
    private void change(ModelDraft draft) {
        if (!request.template().isEmpty()) {
            draft.template(checked(request.template()));
        }
        if (!request.system().isEmpty()) {
            draft.system(request.system());
        }
        request.licenses().forEach(draft::license);
        draft.parameters(request.parameters());
        if (!request.messages().isEmpty()) {
            draft.messages(request.messages());
        }
        if (!request.renderer().isEmpty()) {
            draft.renderer(request.renderer());
        }
        if (!request.parser().isEmpty()) {
            draft.parser(request.parser());
        }
        if (!request.requires().isEmpty()) {
            draft.requires(request.requires());
        }
        if (!request.capabilities().isEmpty()) {
            draft.override(Map.of("capabilities", request.capabilities()));
        }
        draft.override(request.info());
    }

    private static String checked(String template) {
        try {
            PromptTemplate.parse(template);
        } catch (InvalidRequest bad) {
            throw new InvalidRequest("template error: " + bad.text());
        }
        return template;
    }
}
