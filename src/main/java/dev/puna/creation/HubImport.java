// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;

import dev.puna.conversion.Conversion;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.engine.Quantizer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.registry.HubFiles;
import dev.puna.registry.PullService;
import dev.puna.registry.Repository;
import dev.puna.store.BlobHold;
import dev.puna.store.ModelStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A repository of Hugging Face that has safetensors and no GGUF, of which the model of its name is made; the tag is the type that the
 * weights get. The small files come first, since they say whether the weights can be used. What has come stays when it is cancelled,
 * and goes when the model is made. <b>Threads:</b> it is run once, by one that may wait, and cancelled by any.
 */
final class HubImport implements SharedCreations.Work {
    private final ModelStore store;
    private final Quantizer quantizer;
    private final PullService pulls;
    private final ModelName name;
    private final Repository repository;
    private volatile boolean cancelled;

    /**
     * @param address of the repository, with {@code http} if that is allowed
     */
    HubImport(ModelStore store, Quantizer quantizer, PullService pulls, ModelName name, String address) {
        this.store = requireNonNull(store, "store is null");
        this.quantizer = requireNonNull(quantizer, "quantizer is null");
        this.pulls = requireNonNull(pulls, "pulls is null");
        this.name = requireNonNull(name, "name is null");
        repository = Repository.parse(address, address.startsWith("http://"));
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void run(Consumer<CreationProgress> progress) {
        var weights = new Requantization(store, quantizer, type(), progress, () -> cancelled);
        requireTag(weights);
        var files = pulls.files(repository);
        var choice = new HubChoice(name.shortName(), files.names());
        var digests = new LinkedHashMap<String, String>();
        try (var hold = store.hold(List.of());
                var draft = store.draft()) {
            fetch(files, choice.descriptions(), hold, digests, progress);
            var paths = new LinkedHashMap<String, Path>();
            digests.forEach((file, digest) -> paths.put(file, store.path(Digest.parse(digest))));
            var descriptions = ModelFiles.of(paths);
            Conversion.requireSupported(descriptions);
            var tensors = choice.weights(descriptions);
            requireSpace(files, tensors);
            fetch(files, tensors, hold, digests, progress);
            var conversion = new SafetensorsImport(store, progress, () -> cancelled, name.model());
            new CreationFiles(store, progress, conversion).add(draft, digests, weights);
            weights.apply(draft);
            progress.accept(CreationProgress.Step.WRITING_MANIFEST);
            requireWanted();
            draft.save(name);
        }
        store.discard(digests.values().stream().map(Digest::parse).toList());
        progress.accept(CreationProgress.Step.DONE);
    }

    private String type() {
        return name.tag().equalsIgnoreCase(ModelName.DEFAULT_TAG)
                ? ""
                : name.tag().toUpperCase(Locale.ROOT);
    }

    private void requireTag(Requantization weights) {
        try {
            weights.requireKnown();
        } catch (NativeFailure unknown) {
            throw new InvalidRequest(
                    "%s has no GGUF but is converted, so that its tag is the type to quantise to, or none: %s"
                            .formatted(repository.path(), unknown.text()));
        }
    }

    private void fetch(
            HubFiles files,
            List<String> names,
            BlobHold hold,
            Map<String, String> digests,
            Consumer<CreationProgress> progress) {
        for (var file : names) {
            requireWanted();
            files.digest(file).ifPresent(digest -> hold.add(List.of(digest)));
            var digest = files.fetch(file, step -> {
                requireWanted();
                progress.accept(new CreationProgress.Pulling(step));
            });
            hold.add(List.of(digest));
            digests.put(file, digest.text());
        }
    }

    private void requireSpace(HubFiles files, List<String> names) {
        var missing = names.stream()
                .filter(file -> !files.hasBegun(file))
                .mapToLong(files::size)
                .reduce(0, (sum, size) -> sum + size < 0 ? Long.MAX_VALUE : sum + size);
        store.requireSpace(name.toString(), missing);
    }

    private void requireWanted() {
        if (cancelled) {
            throw new Cancelled("request canceled");
        }
    }
}
