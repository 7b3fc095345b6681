// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.GgufValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Refuses models that lack tensors, and tensors whose shapes are not those of the config, before anything is written. What is not
 * known to hold for every architecture is left to the checks of GGUF files and to llama.cpp.
 */
final class CompletenessChecks {
    private static final String BLOCK = "blk.";

    /** Some of their layers do without keys, values or norms of their own. */
    private static final Set<String> UNEVEN = Set.of("gemma4", "modern-bert");

    /** Whose layers all have the width that the config gives to feed forward. */
    private static final Set<String> PLAIN = Set.of(
            "llama",
            "mistral3",
            "qwen2",
            "qwen3",
            "smollm3",
            "gemma",
            "gemma2",
            "gemma3",
            "phi3",
            "olmo2",
            "starcoder2");

    private static final Set<String> PRESSED = Set.of("deepseek2");

    private final String architecture;
    private final Map<String, GgufValue> entries;
    private final Map<String, OutputTensor> tensors;

    private CompletenessChecks(String architecture, Map<String, GgufValue> entries, List<OutputTensor> tensors) {
        this.architecture = architecture;
        this.entries = entries;
        this.tensors = tensors.stream().collect(Collectors.toMap(OutputTensor::name, tensor -> tensor));
    }

    static void check(String architecture, Map<String, GgufValue> entries, List<OutputTensor> tensors) {
        var checks = new CompletenessChecks(architecture, entries, tensors);
        checks.embeddings();
        checks.blocks();
        checks.shapes();
    }

    private void embeddings() {
        if (!tensors.containsKey("token_embd.weight")) {
            throw new InvalidRequest(
                    "the weights lack the embeddings of tokens (token_embd.weight); is a file missing?");
        }
    }

    /** No block may have only a part of what another has. */
    private void blocks() {
        var blocks = new TreeMap<Long, Set<String>>();
        long count = number("block_count").orElse(0L)
                - number("nextn_predict_layers").orElse(0L);
        for (var block = 0L; block < count; block++) {
            blocks.put(block, new TreeSet<>());
        }
        for (var name : tensors.keySet()) {
            var dot = name.indexOf('.', BLOCK.length());
            if (name.startsWith(BLOCK) && dot > 0) {
                var names = blocks.get(Long.parseLong(name.substring(BLOCK.length(), dot)));
                if (names != null) {
                    names.add(name.substring(dot + 1));
                }
            }
        }
        if (UNEVEN.contains(architecture)) {
            return;
        }
        var kinds = Set.copyOf(blocks.values());
        blocks.forEach((block, names) -> {
            for (var kind : kinds) {
                if (kind.size() > names.size() && kind.containsAll(names)) {
                    var missing =
                            kind.stream().filter(name -> !names.contains(name)).toList();
                    throw new InvalidRequest("the weights lack tensors of layer " + block + ": "
                            + String.join(", ", missing.subList(0, Math.min(5, missing.size())))
                            + (missing.size() > 5 ? " and " + (missing.size() - 5) + " more" : "")
                            + "; is a file missing?");
                }
            }
        });
    }

    private void shapes() {
        var width = number("embedding_length");
        columns("token_embd.weight", width);
        var heads = number("attention.head_count");
        var head = number("attention.key_length")
                .or(() -> heads.filter(count -> count > 0).flatMap(count -> width.map(all -> all / count)));
        var feedForward = number("feed_forward_length");
        for (var name : tensors.keySet()) {
            if (!name.startsWith(BLOCK)) {
                continue;
            }
            switch (name.substring(name.indexOf('.', BLOCK.length()) + 1)) {
                case "attn_k.weight" -> {
                    columns(name, width);
                    if (!PRESSED.contains(architecture) && !UNEVEN.contains(architecture)) {
                        rows(name, product(keyHeads(heads), head));
                    }
                }
                case "attn_output.weight" -> rows(name, width);
                case "ffn_up.weight", "ffn_gate.weight" -> columns(name, width);
                case "ffn_down.weight" -> {
                    rows(name, width);
                    if (PLAIN.contains(architecture)) {
                        columns(name, feedForward);
                    }
                }
                default -> {
                    // left to others
                }
            }
        }
    }

    /** Heads of keys; nothing where each layer has its own number. */
    private Optional<Long> keyHeads(Optional<Long> heads) {
        return entries.containsKey(architecture + ".attention.head_count_kv")
                ? number("attention.head_count_kv")
                : heads;
    }

    private static Optional<Long> product(Optional<Long> one, Optional<Long> other) {
        return one.flatMap(factor -> other.map(more -> factor * more)).filter(result -> result > 0);
    }

    private void columns(String name, Optional<Long> expected) {
        size(name, 1, "columns", expected);
    }

    private void rows(String name, Optional<Long> expected) {
        size(name, 0, "rows", expected);
    }

    private void size(String name, int dimension, String what, Optional<Long> expected) {
        var tensor = tensors.get(name);
        if (tensor != null
                && expected.isPresent()
                && (tensor.shape().size() != 2 || !tensor.shape().get(dimension).equals(expected.get()))) {
            throw new InvalidRequest("the weights contradict config.json: tensor " + name + " has the shape "
                    + tensor.shape() + ", where " + expected.get() + " " + what + " are expected");
        }
    }

    /** A number of the architecture; nothing where there is none, or one for each layer. */
    private Optional<Long> number(String key) {
        return entries.get(architecture + "." + key) instanceof GgufValue.Whole(var _, long value) && value > 0
                ? Optional.of(value)
                : Optional.empty();
    }
}
