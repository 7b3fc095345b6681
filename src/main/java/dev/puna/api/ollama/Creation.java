// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.StatusLine;
import dev.puna.engine.Quantizer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.model.ModelName;
import dev.puna.store.ModelDraft;
import dev.puna.store.ModelStore;
import dev.puna.template.PromptTemplate;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.Map;

/**
 * One model being made, step by step. <b>Threads:</b> one, which may wait for the disk. A client that leaves before the
 * manifest is written gets no model. Source: contract 3.2.
 */
final class Creation {
    private final ModelStore store;
    private final Quantizer quantizer;
    private final CreateRequest request;
    private final ModelName name;
    private final MultiEmitter<? super StatusLine> statuses;

    Creation(
            ModelStore store,
            Quantizer quantizer,
            CreateRequest request,
            ModelName name,
            MultiEmitter<? super StatusLine> statuses) {
        this.store = store;
        this.quantizer = quantizer;
        this.request = request;
        this.name = name;
        this.statuses = statuses;
    }

    void run() {
        try (var draft = store.draft()) {
            start(draft);
            change(draft);
            draft.statuses().forEach(this::tell);
            tell("writing manifest");
            if (statuses.isCancelled()) {
                throw new Cancelled("request canceled");
            }
            draft.save(name);
        }
        tell("success");
    }

    private void start(ModelDraft draft) {
        var weights = requantization(request.quantize());
        var files = new CreationFiles(store, this::tell);
        if (!request.from().isEmpty()) {
            inherit(draft);
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
            files.addDraft(draft, request.drafts(), requantization(request.draftQuantize()));
        }
    }

    private Requantization requantization(String type) {
        return new Requantization(store, quantizer, type, statuses::emit, statuses::isCancelled);
    }

    /** A model that is not here will be pulled, once there is a registry client; until then it is just not found. */
    private void inherit(ModelDraft draft) {
        var from = ModelName.parseReference(request.from());
        var parent =
                store.find(from).orElseThrow(() -> new NotFound("model '%s' not found".formatted(from.shortName())));
        if (parent.config().remoteHost().isPresent()) {
            throw new InvalidRequest("this server cannot run this remote model");
        }
        draft.inherit(parent);
    }

    /** In the order of the layers in the manifest. */
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

    private void tell(String status) {
        statuses.emit(StatusLine.of(status));
    }
}
