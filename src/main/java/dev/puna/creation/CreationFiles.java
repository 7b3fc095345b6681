// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import dev.puna.creation.CreationProgress.Step;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.AdapterChecks;
import dev.puna.gguf.CanonicalGguf;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.GgufFile;
import dev.puna.gguf.Split;
import dev.puna.model.Digest;
import dev.puna.model.ModelFacts;
import dev.puna.model.ModelFacts.Kind;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelDraft;
import dev.puna.store.ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Puts the files of a create request into a draft, after a strict look at each. Source: contract 3.2, step 2. */
final class CreationFiles {
    private final ModelStore store;
    private final Consumer<CreationProgress> progress;
    private final SafetensorsImport safetensors;

    /**
     * @param safetensors converts what is no GGUF
     */
    CreationFiles(ModelStore store, Consumer<CreationProgress> progress, SafetensorsImport safetensors) {
        this.store = store;
        this.progress = progress;
        this.safetensors = safetensors;
    }

    /**
     * Looks at every file, then adds them.
     *
     * @param files digests by the names the client has for the files
     * @param requantization what will become of the weights; those that it changes are added as they are
     */
    void add(ModelDraft draft, Map<String, String> files, Requantization requantization) {
        if (isGguf(files)) {
            add(draft, readGguf(files), requantization);
        } else {
            requantization.requireKnown();
            var made = safetensors.write(files);
            draft.parameters(made.getFirst().parameters());
            made.forEach(file -> draft.addMadeFile(file.blob(), file.facts()));
        }
    }

    /** The same with the files of a model that is not the store's; those become blobs that are kept as they are. */
    void add(ModelDraft draft, InstalledModel model, ImportedFiles imported, Requantization requantization) {
        var files = Stream.concat(model.modelFiles().stream(), model.projectors().stream());
        add(draft, files.map(file -> read(file, imported)).toList(), requantization);
    }

    private void add(ModelDraft draft, List<Given> read, Requantization requantization) {
        var models = inOrder(read.stream().filter(file -> file.is(Kind.MODEL)).toList());
        requirePartsOfOne(models);
        var requantized =
                !models.isEmpty() && requantization.changes(models.getFirst().facts());
        if (!models.isEmpty()) {
            addModel(draft, models, requantized);
        }
        for (var file : read) {
            switch (file.facts().kind()) {
                case MODEL -> {
                    // All parts are in.
                }
                case PROJECTOR -> draft.addFile(file.blob().get(), file.facts());
                case ADAPTER -> addAdapter(draft, file);
            }
        }
    }

    /** Adds the adapters that the files are, in GGUF any number and in safetensors one, if they fit the weights that the draft has. */
    void addAdapter(ModelDraft draft, Map<String, String> files) {
        if (isGguf(files)) {
            readGguf(files).forEach(file -> addAdapter(draft, file));
            return;
        }
        var model = model(draft);
        var made = safetensors.writeAdapter(files, model.getFirst().metadata());
        try {
            AdapterChecks.check(Gguf.read(store.path(made.blob())), model);
        } catch (InvalidRequest unfit) {
            store.discard(List.of(made.blob()));
            throw unfit;
        }
        draft.addMadeFile(made.blob(), made.facts());
    }

    private void addAdapter(ModelDraft draft, Given file) {
        AdapterChecks.check(file.header(), model(draft));
        draft.addFile(file.blob().get(), file.facts());
    }

    private List<GgufFile> model(ModelDraft draft) {
        var model = draft.weights().stream().map(store::path).map(Gguf::read).toList();
        if (model.isEmpty()) {
            throw new InvalidRequest("an adapter needs a model that it changes");
        }
        return model;
    }

    /** Adds the model that guesses ahead. */
    void addDraft(ModelDraft draft, Map<String, String> files, Requantization requantization) {
        if (!isGguf(files)) {
            addConvertedDraft(draft, files, requantization);
            return;
        }
        var models = readGguf(files);
        var model = models.getFirst();
        if (models.size() > 1 || !model.is(Kind.MODEL) || model.header().split().isPresent()) {
            throw new InvalidRequest("a draft must be one GGUF file that holds a model");
        }
        var requantized = requantization.changes(model.facts());
        var blob = model.blob().get();
        draft.addDraft(requantized ? requantization.write(List.of(blob)).blob() : blob, !requantized);
    }

    private void addConvertedDraft(ModelDraft draft, Map<String, String> files, Requantization requantization) {
        requantization.requireKnown();
        var made = safetensors.writeModel(files);
        if (!requantization.changes(made.facts())) {
            draft.addDraft(made.blob(), false);
            return;
        }
        try {
            draft.addDraft(requantization.write(List.of(made.blob())).blob(), false);
        } finally {
            store.discard(List.of(made.blob()));
        }
    }

    /** Whether the files are GGUF, and not such as have to be converted. */
    private static boolean isGguf(Map<String, String> files) {
        if (files.isEmpty()) {
            throw new InvalidRequest("no files provided to convert");
        }
        return switch (SourceFormat.of(files.keySet())) {
            case SourceFormat.Gguf _ -> true;
            case SourceFormat.Safetensors _ -> false;
            case SourceFormat.Torch(var name) -> throw isPickle(name);
        };
    }

    private List<Given> readGguf(Map<String, String> files) {
        var read = new ArrayList<Given>();
        files.forEach((name, digest) -> read.add(read(name, digest)));
        return read;
    }

    private void addModel(ModelDraft draft, List<Given> parts, boolean asItIs) {
        if (!asItIs) {
            progress.accept(Step.VERIFYING_CONVERSION);
        }
        var first = parts.getFirst();
        // What is linked would take its bytes twice if it were written anew.
        var linked = parts.stream().allMatch(Given::linked);
        if (asItIs || (linked && parts.stream().map(Given::header).allMatch(CanonicalGguf::isAligned))) {
            parts.forEach(file -> draft.addFile(file.blob().get(), file.facts()));
        } else if (parts.size() == 1 && !first.readsOnlyText()) {
            addNormal(draft, first, CanonicalGguf.mended(first.path(), first.header()));
        } else if (parts.size() == 1) {
            addNormal(draft, first, CanonicalGguf.of(first.path(), first.header()));
        } else {
            addNormal(draft, first, Optional.of(merged(parts)));
        }
    }

    /**
     * A file of the request whose header is good.
     *
     * @param path of it, which need not be in the store
     * @param linked whether it has a second name outside of the store
     * @param blob makes it a blob as it is, unless it is one
     */
    private record Given(
            String name, Path path, boolean linked, Supplier<Digest> blob, GgufFile header, ModelFacts facts) {
        private boolean is(Kind kind) {
            return facts.kind() == kind;
        }

        private boolean readsOnlyText() {
            return is(Kind.MODEL) && facts.visionBlocks() == 0 && facts.audioBlocks() == 0;
        }

        private int part() {
            return header.split().map(Split::number).orElse(0);
        }
    }

    private Given read(String name, String digestText) {
        var saysGguf = name.toLowerCase(Locale.ROOT).endsWith(".gguf");
        if (saysGguf) {
            progress.accept(Step.PARSING_FILE);
        }
        var digest = Digest.parse(digestText);
        var path = store.path(digest);
        if (!Gguf.isGguf(path)) {
            throw new InvalidRequest(saysGguf ? "supplied file was not in GGUF format" : "unknown type");
        }
        if (!saysGguf) {
            progress.accept(Step.PARSING_FILE);
        }
        var header = Gguf.read(path);
        return new Given(name, path, FileIntake.isLinked(path), () -> digest, header, header.facts());
    }

    private Given read(Path file, ImportedFiles imported) {
        progress.accept(Step.PARSING_FILE);
        var header = Gguf.read(file);
        return new Given(file.toString(), file, false, () -> imported.blob(file), header, header.facts());
    }

    /** Adds weights in the form in which Ollama would keep them, so that both give the model the same digest. */
    private void addNormal(ModelDraft draft, Given file, Optional<CanonicalGguf> normal) {
        if (normal.isEmpty()) {
            draft.addFile(file.blob().get(), file.facts());
            return;
        }
        var digest = digest(normal.get());
        if (store.contains(digest)) {
            draft.addFile(digest, Gguf.read(store.path(digest)).facts());
            return;
        }
        try (var upload = store.beginUpload(digest)) {
            normal.get().writeTo(upload::write);
            upload.commit();
        }
        // Of a split model, only the whole knows how many weights there are.
        draft.addMadeFile(digest, Gguf.read(store.path(digest)).facts());
    }

    private CanonicalGguf merged(List<Given> parts) {
        return CanonicalGguf.merged(parts.stream()
                .map(file -> new CanonicalGguf.Part(file.path(), file.header()))
                .toList());
    }

    private static Digest digest(CanonicalGguf file) {
        var hash = Digest.newHash();
        file.writeTo(hash::update);
        return Digest.ofHash(hash);
    }

    /** The first part of a split model before the others. */
    private static List<Given> inOrder(List<Given> files) {
        return files.stream().sorted(Comparator.comparingInt(Given::part)).toList();
    }

    /** More than one file of weights makes sense only where one model was split, and then every part must be there. */
    private static void requirePartsOfOne(List<Given> models) {
        var numbers = models.stream().map(Given::part).distinct().count();
        for (var model : models) {
            var needed = model.header().split().map(Split::count).orElse(1);
            if (needed != models.size() && numbers == models.size() && needed > 1) {
                throw new InvalidRequest(missing(models, needed));
            }
            if (needed != models.size() || numbers != needed) {
                throw new InvalidRequest("the files hold %d models, or not every part of one: %s"
                        .formatted(
                                models.size(),
                                String.join(
                                        ", ", models.stream().map(Given::name).toList())));
            }
        }
    }

    /** A name for each part of one model that is not there. */
    private static String missing(List<Given> models, int needed) {
        var there = models.stream().map(Given::part).collect(Collectors.toSet());
        var missing = IntStream.range(0, needed)
                .filter(part -> !there.contains(part))
                .mapToObj(part -> Integer.toString(part + 1))
                .limit(8)
                .collect(Collectors.joining(", "));
        return "the model is split over %d files, of which %d came: part %s of %d is missing"
                .formatted(needed, models.size(), missing, needed);
    }

    private static InvalidRequest isPickle(String name) {
        return new InvalidRequest(("'%s' is a pickle of PyTorch, which is a program more than a file, and is not read:"
                        + " give the model in safetensors or GGUF; transformers writes safetensors with save_pretrained")
                .formatted(name));
    }
}
