// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.engine.ModelFiles;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.StoreFailure;
import dev.puna.gguf.AdapterChecks;
import dev.puna.gguf.CanonicalGguf;
import dev.puna.gguf.Gguf;
import dev.puna.gguf.GgufFile;
import dev.puna.gguf.GgufValue;
import dev.puna.store.InstalledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a model's files say about the memory it will take. Source of the keys: GGUF's specification, "LLM".
 *
 * @param files what it is made of
 * @param tensors how many bytes lie where
 * @param trainedContext tokens the model was trained for
 * @param width numbers in one embedding
 * @param feedForward numbers in the widest inner layer
 * @param vocabulary tokens it knows
 * @param cacheElements numbers that the KV cache keeps for one token, in each layer
 * @param embeds whether it pools, and so generates nothing
 */
public record ModelWeights(
        ModelFiles files,
        TensorBytes tensors,
        int trainedContext,
        long width,
        long feedForward,
        long vocabulary,
        List<Long> cacheElements,
        boolean embeds) {
    /** A bound on the number of layers, above that of llama.cpp. */
    private static final int MOST_BLOCKS = 4096;

    /** Copies the list. */
    public ModelWeights {
        cacheElements = List.copyOf(cacheElements);
    }

    /** Layers, the output not counted. */
    int blocks() {
        return tensors.layers().size();
    }

    /** Reads the headers and the lengths of all files: milliseconds, but not for an event loop. */
    public static ModelWeights read(InstalledModel model) {
        try {
            // The first by its own name, since a model may have none.
            var weights = Stream.concat(
                            Stream.of(model.modelFile()),
                            model.modelFiles().stream().skip(1))
                    .toList();
            var files = new ModelFiles(
                    weights, model.adapters(), model.projectors().stream().findFirst());
            var parts = files.weights().stream().map(Gguf::read).toList();
            requireAligned(parts);
            files.adapters().forEach(file -> AdapterChecks.check(Gguf.read(file), parts));
            files.projector().ifPresent(Gguf::read);
            return of(files, parts);
        } catch (InvalidRequest damaged) {
            throw new StoreFailure(
                    "model '%s' cannot be loaded: %s; %s"
                            .formatted(
                                    model.name().shortName(),
                                    damaged.text(),
                                    model.files().remedy()),
                    damaged);
        }
    }

    private static void requireAligned(List<GgufFile> parts) {
        for (var part : parts) {
            if (!CanonicalGguf.isAligned(part)) {
                throw new InvalidRequest(
                        "its tensors are aligned to %d bytes, and llama.cpp wants 32".formatted(part.alignment()));
            }
        }
    }

    /**
     * @param parts headers of all files with weights, at least one
     */
    static ModelWeights of(ModelFiles files, List<GgufFile> parts) {
        var header = parts.getFirst();
        var facts = header.facts();
        var blocks = (int) Math.min(facts.blockCount().orElse(0), MOST_BLOCKS);
        return new ModelWeights(
                files,
                TensorBytes.of(
                        parts,
                        blocks,
                        files.adapters().stream()
                                .mapToLong(ModelWeights::length)
                                .sum(),
                        files.projector().map(ModelWeights::length).orElse(0L)),
                (int) Math.min(facts.contextLength().orElse(0), Integer.MAX_VALUE),
                facts.embeddingLength().orElse(0),
                most(header, facts.architecture() + ".feed_forward_length"),
                header.items("tokenizer.ggml.tokens")
                        .map(GgufValue.Items::count)
                        .orElse(0L),
                cacheElements(header, facts.architecture(), blocks),
                facts.pooling());
    }

    /** For each layer the heads that have keys and values, times the length of one key and one value. */
    private static List<Long> cacheElements(GgufFile header, String architecture, int blocks) {
        var heads = most(header, architecture + ".attention.head_count");
        if (heads == 0) {
            return Collections.nCopies(blocks, 0L);
        }
        var length = header.whole(architecture + ".embedding_length").orElse(0) / heads;
        var key = header.whole(architecture + ".attention.key_length").orElse(length);
        var value = header.whole(architecture + ".attention.value_length").orElse(length);
        var name = architecture + ".attention.head_count_kv";
        var perLayer = header.items(name).flatMap(GgufValue.Items::elements);
        var everywhere = header.whole(name).orElse(heads);
        var headsOfLayers = perLayer.isPresent()
                ? perLayer.get().stream().mapToLong(ModelWeights::whole)
                : LongStream.generate(() -> everywhere);
        return LongStream.concat(headsOfLayers, LongStream.generate(() -> 0))
                .limit(blocks)
                .mapToObj(number -> number * (key + value))
                .toList();
    }

    /** The number under a key, the largest one where each layer has its own, 0 where there is none. */
    private static long most(GgufFile header, String key) {
        return switch (header.metadata().get(key)) {
            case GgufValue.Items items ->
                items.elements().stream()
                        .flatMap(List::stream)
                        .mapToLong(ModelWeights::whole)
                        .max()
                        .orElse(0);
            case null, default -> header.whole(key).orElse(0);
        };
    }

    private static long whole(GgufValue value) {
        return value instanceof GgufValue.Whole whole ? whole.number().longValue() : 0;
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new StoreFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
