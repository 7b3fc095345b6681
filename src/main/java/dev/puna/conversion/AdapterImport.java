// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.architecture.Architecture;
import dev.puna.conversion.architecture.Architectures;
import dev.puna.conversion.safetensors.Weights;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tensor.LowRankTensor;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.GgufValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA adapter as PEFT saves it, on its way to GGUF: the pairs of matrices take the way of the weights that they change through
 * the architecture. Source of names and shapes: what llama.cpp's {@code convert_lora_to_gguf.py} writes.
 */
final class AdapterImport {
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PREFIX = "base_model.model.";
    private static final String WEIGHT = ".weight";

    private final ModelFiles files;
    private final Entries entries = new Entries();
    private final AdapterConfig config;
    private final Architecture model;
    private final AdapterTensors output = new AdapterTensors();
    private final Map<String, Pair> pairs = new LinkedHashMap<>();

    /** The matrices of a weight, as far as they are found. */
    private static final class Pair {
        private final String module;
        private final boolean embedding;
        private @Nullable Tensor a;
        private @Nullable Tensor b;

        private Pair(String module, boolean embedding) {
            this.module = module;
            this.embedding = embedding;
        }
    }

    /** The ways in which a tensor's name tells which matrix it is. */
    private enum Part {
        A(".lora_A.weight", false, true),
        B(".lora_B.weight", false, false),
        EMBEDDING_A(".lora_embedding_A", true, true),
        EMBEDDING_B(".lora_embedding_B", true, false);

        private final String ending;
        private final boolean embedding;
        private final boolean first;

        Part(String ending, boolean embedding, boolean first) {
            this.ending = ending;
            this.embedding = embedding;
            this.first = first;
        }

        private static Optional<Part> of(String name) {
            for (var part : values()) {
                if (name.endsWith(part.ending)) {
                    return Optional.of(part);
                }
            }
            return Optional.empty();
        }
    }

    private AdapterImport(ModelFiles files, Map<String, GgufValue> base, String first) {
        this.files = files;
        this.config = AdapterConfig.read(files);
        this.model = Architectures.ofBase(BaseParameters.architecture(base), BaseParameters.of(base), first, entries);
    }

    static Conversion open(ModelFiles files, Map<String, GgufValue> base) {
        AdapterConfig.read(files);
        var weights = Weights.open(files, weights(files));
        try {
            return new AdapterImport(files, base, first(weights)).convert(weights);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private static String weights(ModelFiles files) {
        var found = files.names().stream()
                .filter(name -> name.endsWith(".safetensors"))
                .toList();
        if (files.has(WEIGHTS) || found.size() != 1) {
            return WEIGHTS;
        }
        return found.getFirst();
    }

    /** The first word of the first name in the model. */
    private static String first(Weights weights) {
        for (var name : weights.tensors().keySet()) {
            var plain = name.replace(PREFIX, "");
            return plain.substring(0, Math.max(0, plain.indexOf('.')));
        }
        return "";
    }

    private Conversion convert(Weights weights) {
        weights.tensors().forEach(this::take);
        if (pairs.isEmpty()) {
            throw new InvalidRequest("the adapter has no tensors lora_A and lora_B");
        }
        pairs.forEach((name, pair) -> {
            output.ofEmbeddings(pair.embedding);
            add(name, product(pair));
        });
        model.finish();
        new GeneralEntries(entries, files, output.parameters()).addOfAdapter();
        entries.float32("adapter.lora.alpha", config.alpha());
        entries.uint32("general.quantization_version", Conversion.QUANTIZATION_VERSION);
        return new Conversion(weights, model.name(), entries.asMap(), output.tensors(), List.of(), Map.of());
    }

    private void take(String name, Tensor data) {
        var part = Part.of(name);
        var plain = name.replace(PREFIX, "");
        if (part.isEmpty()) {
            takeWhole(name, plain, data);
            return;
        }
        var kind = part.get();
        var module = plain.substring(0, plain.length() - kind.ending.length());
        var renamed = model.renamed(module + WEIGHT);
        if (renamed.isEmpty()) {
            requireNoHead(module);
            return;
        }
        var pair = pairs.computeIfAbsent(renamed.get(), _ -> new Pair(module, kind.embedding));
        if (data.shape().size() != 2 || pair.embedding != kind.embedding || (kind.first ? pair.a : pair.b) != null) {
            throw new InvalidRequest("tensor " + name + " of shape " + data.shape()
                    + " is no matrix of a pair; adapters of convolutions cannot be applied");
        }
        if (kind.first) {
            pair.a = data;
        } else {
            pair.b = data;
        }
    }

    /** Norms are kept as the converter keeps them, though llama.cpp takes no notice of them. */
    private void takeWhole(String name, String plain, Tensor data) {
        if (name.contains(".base_layer.weight")) {
            return;
        }
        if (!name.contains("_layernorm") && !name.contains(".norm")) {
            throw new InvalidRequest("the adapter has the tensor " + name + ", which is no lora_A or lora_B: merge the"
                    + " adapter into its model with PEFT's merge_and_unload, and convert that");
        }
        model.renamed(plain).ifPresent(renamed -> add(renamed, data));
    }

    private static void requireNoHead(String module) {
        if (module.endsWith("lm_head")) {
            throw new InvalidRequest("the adapter changes " + module
                    + ", which this model does not have: its output is its" + " embeddings");
        }
    }

    private LowRankTensor product(Pair pair) {
        var a = pair.a;
        var b = pair.b;
        if (a == null || b == null) {
            throw new InvalidRequest("the adapter has lora_" + (a == null ? "B" : "A") + " of " + pair.module
                    + " without lora_" + (a == null ? "A" : "B") + ": is the file complete?");
        }
        if (a.size(0) != b.size(1)) {
            throw new InvalidRequest(
                    "the adapter has matrices of the ranks " + a.size(0) + " and " + b.size(1) + " for " + pair.module);
        }
        config.requireRank(pair.module, a.size(0));
        var factor = config.factor(pair.module, a.size(0));
        if (Math.abs(factor - 1) > 1e-9) {
            b = b.map(value -> (float) (value * factor));
        }
        // PEFT has embeddings, and weights that the model stores turned, the other way round.
        return pair.embedding || config.turned()
                ? new LowRankTensor(b.transpose(0, 1), a.transpose(0, 1))
                : new LowRankTensor(a, b);
    }

    private void add(String name, Tensor data) {
        try {
            model.tensor(name, data, Architecture.block(name), output);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("the adapter's tensor " + name + " of shape " + data.shape()
                    + " does not fit the model, or changes what no adapter can: " + e.getMessage());
        }
    }
}
