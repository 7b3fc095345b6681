// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.Gguf;
import dev.puna.model.Digest;
import dev.puna.model.ModelFacts;
import dev.puna.model.ModelFacts.Kind;
import dev.puna.store.ModelDraft;
import dev.puna.store.ModelStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Puts the files of a create request into a draft, after a strict look at each. Source: contract 3.2, step 2. */
final class CreationFiles {
    private static final Pattern PART = Pattern.compile("(.+)-\\d{5}-of-(\\d{5})\\.gguf", Pattern.CASE_INSENSITIVE);
    private static final List<String> CONVERTED = List.of(".safetensors", ".bin", ".pth", ".json", ".model");

    private final ModelStore store;
    private final Consumer<String> tell;

    CreationFiles(ModelStore store, Consumer<String> tell) {
        this.store = store;
        this.tell = tell;
    }

    /** @param files digests by the names the client has for the files */
    void add(ModelDraft draft, Map<String, String> files) {
        if (files.isEmpty()) {
            throw new InvalidRequest("no files provided to convert");
        }
        files.keySet().forEach(CreationFiles::refuseWhatNeedsConversion);
        var models = new ArrayList<String>();
        var adapters = 0;
        for (var file : files.entrySet()) {
            var facts = add(draft, file.getKey(), file.getValue());
            switch (facts.kind()) {
                case MODEL -> models.add(file.getKey());
                case ADAPTER -> adapters++;
                case PROJECTOR -> {}
            }
        }
        if (adapters > 1) {
            throw new InvalidRequest("only one adapter is currently supported");
        }
        requirePartsOfOne(models);
    }

    private ModelFacts add(ModelDraft draft, String name, String digestText) {
        var saysGguf = name.toLowerCase(Locale.ROOT).endsWith(".gguf");
        if (saysGguf) {
            tell.accept("parsing GGUF");
        }
        var digest = Digest.parse(digestText);
        var path = store.path(digest);
        if (!Gguf.isGguf(path)) {
            throw new InvalidRequest(saysGguf ? "supplied file was not in GGUF format" : "unknown type");
        }
        if (!saysGguf) {
            tell.accept("parsing GGUF");
        }
        var facts = Gguf.read(path).facts();
        if (facts.kind() == Kind.MODEL) {
            tell.accept("verifying conversion");
        }
        draft.addFile(digest, facts);
        return facts;
    }

    private static void refuseWhatNeedsConversion(String name) {
        if (CONVERTED.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith)) {
            throw new InvalidRequest(
                    "'%s' must be converted, which this version of puna cannot: give a GGUF file".formatted(name));
        }
    }

    /** More than one file of weights makes sense only where one model was split, and then every part must be there. */
    private static void requirePartsOfOne(List<String> names) {
        if (names.size() < 2) {
            return;
        }
        var wholes = names.stream().map(CreationFiles::wholeOf).distinct().toList();
        if (wholes.size() > 1 || !wholes.getFirst().endsWith("-of-%05d".formatted(names.size()))) {
            throw new InvalidRequest("the files hold %d models, or not every part of one: %s"
                    .formatted(names.size(), String.join(", ", names)));
        }
    }

    /** The model that a file is a part of: its name without the number of the part. */
    private static String wholeOf(String name) {
        var part = PART.matcher(name);
        return part.matches() ? part.group(1) + "-of-" + part.group(2) : name;
    }
}
