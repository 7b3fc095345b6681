// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Collections.unmodifiableMap;

import dev.puna.conversion.Conversion;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.GgufValue;
import dev.puna.model.Digest;
import dev.puna.model.ModelFacts;
import dev.puna.store.ModelStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Blobs that are a model or an adapter in safetensors, written as one blob in GGUF. The sources stay what they are: blobs that no model needs,
 * which go when the store is tidied. <b>Threads:</b> one. Source: contract 3.2, step 2.
 */
final class SafetensorsImport {
    /** Progress is told after so many bytes, so that what listeners have not read yet stays small. */
    private static final long STEP = 32L << 20;

    private static final long LOOK_MILLIS = 250;
    /** One conversion at a time: the vocabulary of a large model takes half of a small heap. */
    private static final Semaphore TURN = new Semaphore(1, true);

    private final ModelStore store;
    private final Consumer<CreationProgress> progress;
    private final BooleanSupplier cancelled;
    private final String name;

    /**
     * What was made.
     *
     * @param blob the file, which no model has yet
     * @param facts what it says
     * @param parameters what the model's maker recommends
     */
    record Made(Digest blob, ModelFacts facts, Map<String, Object> parameters) {
        Made {
            parameters = unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /**
     * @param cancelled whether nobody wants the model any more
     * @param name of the model that is made, for what its files do not name themselves
     */
    SafetensorsImport(ModelStore store, Consumer<CreationProgress> progress, BooleanSupplier cancelled, String name) {
        this.store = store;
        this.progress = progress;
        this.cancelled = cancelled;
        this.name = name;
    }

    /**
     * Converts the files, digests by their names in the model's directory.
     *
     * @throws InvalidRequest if they are no model that can be converted; then nothing was written
     */
    Made writeModel(Map<String, String> files) {
        return write("model", files, Conversion::open);
    }

    /**
     * Converts the files of an adapter.
     *
     * @param base the metadata of its model
     * @throws InvalidRequest if they are no adapter for such a model; then nothing was written
     */
    Made writeAdapter(Map<String, String> files, Map<String, GgufValue> base) {
        return write("adapter", files, source -> Conversion.openAdapter(source, base));
    }

    private Made write(String what, Map<String, String> files, Function<ModelFiles, Conversion> opened) {
        var digests = digests(files);
        try (var _ = turn();
                var _ = store.hold(digests.values());
                var conversion = opened.apply(ModelFiles.of(paths(digests), name))) {
            return write(what, conversion, 0, begin(what, conversion.size()));
        }
    }

    /** As {@link #writeModel}, and then what the model needs to see pictures, if it has that. */
    List<Made> write(Map<String, String> files) {
        var digests = digests(files);
        try (var _ = turn();
                var _ = store.hold(digests.values())) {
            var named = ModelFiles.of(paths(digests), name);
            try (var conversion = Conversion.open(named);
                    var projector = new Optionally(Conversion.openProjector(named))) {
                var size = begin("model", conversion.size() + projector.size());
                var model = write("model", conversion, 0, size);
                return projector.conversion().isEmpty()
                        ? List.of(model)
                        : both(model, conversion.size(), projector, size);
            }
        }
    }

    private List<Made> both(Made model, long before, Optionally projector, long size) {
        try {
            return List.of(model, write("model", projector.conversion().orElseThrow(), before, size));
        } catch (RuntimeException e) {
            store.discard(List.of(model.blob()));
            throw e;
        }
    }

    /** A conversion that may not be, for the sake of its end. */
    private record Optionally(Optional<Conversion> conversion) implements AutoCloseable {
        private long size() {
            return conversion.map(Conversion::size).orElse(0L);
        }

        @Override
        public void close() {
            conversion.ifPresent(Conversion::close);
        }
    }

    /** What is given back when a conversion has ended. */
    private interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    private Turn turn() {
        try {
            while (!TURN.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (cancelled.getAsBoolean()) {
                    throw new Cancelled("request canceled");
                }
            }
            return TURN::release;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Cancelled("request canceled");
        }
    }

    private static Map<String, Digest> digests(Map<String, String> files) {
        var digests = new LinkedHashMap<String, Digest>();
        files.forEach((file, digest) -> digests.put(file, Digest.parse(digest)));
        return digests;
    }

    private long begin(String what, long size) {
        progress.accept(new CreationProgress.Converting(what, size, 0));
        store.requireSpace("the converted " + what, size);
        return size;
    }

    /**
     * @param before bytes of what was written earlier
     * @param size of all that is written
     */
    private Made write(String what, Conversion conversion, long before, long size) {
        try (var blob = store.beginUnnamed()) {
            var told = new long[1];
            Consumer<ByteBuffer> sink = blob::write;
            conversion.writeTo(sink, written -> {
                var done = before + written;
                if (cancelled.getAsBoolean()) {
                    throw new Cancelled("request canceled");
                }
                if (done - told[0] >= STEP || done == size) {
                    told[0] = done;
                    progress.accept(new CreationProgress.Converting(what, size, done));
                }
            });
            conversion.warnings().forEach(text -> progress.accept(new CreationProgress.Warning(text)));
            var facts = Gguf.read(blob.path()).facts();
            return new Made(blob.commit(), facts, conversion.parameters());
        }
    }

    private Map<String, Path> paths(Map<String, Digest> digests) {
        var paths = new LinkedHashMap<String, Path>();
        digests.forEach((file, digest) -> {
            if (!store.contains(digest)) {
                throw new InvalidRequest("there is no blob %s for %s: send it first".formatted(digest, file));
            }
            paths.put(file, store.path(digest));
        });
        return paths;
    }
}
