// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.architecture.weights.Experts;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Phi-2 to Phi-4: long contexts by two sets of factors. */
final class PhiFamily extends Architecture {
    private final Experts experts;

    PhiFamily(Source source) {
        super(source);
        experts = new Experts(
                config().optionalWhole("num_local_experts", "num_experts").orElse(0L), List.of("w1", "w2", "w3"));
    }

    @Override
    public TokenizerKind tokenizer() {
        return name().equals("phi2") ? TokenizerKind.GPT2 : TokenizerKind.PHI3;
    }

    private long width() {
        return config().whole("hidden_size", "n_embd");
    }

    private long heads() {
        return config().whole("num_attention_heads", "n_head");
    }

    private long rotated() {
        var factor = name().equals("phi2")
                ? rope().all().real("partial_rotary_factor")
                : rope().all().real("partial_rotary_factor", 1);
        return part(factor, width()) / heads();
    }

    private long context() {
        return config().whole("n_positions", "max_position_embeddings");
    }

    @Override
    public void extraTensors(Map<String, Tensor> tensors, TensorSink sink) {
        if (name().equals("phi2") || !rope().all().truthy("long_factor")) {
            return;
        }
        var trained = rope().all().whole("original_max_position_embeddings");
        var scale = (double) context() / trained;
        var factor =
                switch (rope().all().text("rope_type").orElse("").toLowerCase(Locale.ROOT)) {
                    case "su", "longrope" ->
                        scale > 1 ? Math.sqrt(1 + Math.log(scale) / Math.log((double) trained)) : 1;
                    case "yarn" -> scale > 1 ? 0.1 * Math.log(scale) + 1 : 1;
                    default -> throw rope().all().wrong("su, longrope or yarn", "rope_type");
                };
        float32("rope.scaling.attn_factor", factor);
        sink.add("rope_factors_long.weight", factors("long_factor"));
        sink.add("rope_factors_short.weight", factors("short_factor"));
    }

    private Tensor factors(String key) {
        var given = rope().all().reals(key);
        if (2L * given.length != rotated()) {
            throw new InvalidRequest("config.json has " + given.length + " numbers in '" + key + "', where "
                    + rotated() / 2 + " are needed");
        }
        var factors = new float[given.length];
        for (var index = 0; index < factors.length; index++) {
            factors[index] = (float) given[index];
        }
        return Tensor.of(factors, factors.length);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (tensor.contains("block_sparse_moe.experts")) {
            var prefix = "model.layers." + block + ".block_sparse_moe.experts.";
            experts.add(
                    tensor,
                    data,
                    block,
                    prefix,
                    (kind, joined) -> super.tensor(prefix + kind + ".weight", joined, block, sink));
        } else {
            super.tensor(tensor, data, block, sink);
        }
    }

    @Override
    public void finish() {
        experts.requireNone();
    }

    @Override
    public void parameters() {
        uint32("context_length", context());
        if (name().equals("phi2")) {
            uint32("embedding_length", width());
            uint32("feed_forward_length", 4 * width());
            uint32("block_count", blocks());
            uint32("attention.head_count", heads());
            uint32("attention.head_count_kv", heads());
            float32("attention.layer_norm_epsilon", config().real("layer_norm_epsilon", "layer_norm_eps"));
            uint32("rope.dimension_count", rotated());
            fileType();
            entries().bool("tokenizer.ggml.add_bos_token", false);
            return;
        }
        uint32("rope.scaling.original_context_length", rope().all().whole("original_max_position_embeddings"));
        uint32("embedding_length", width());
        uint32("feed_forward_length", config().whole("intermediate_size"));
        uint32("block_count", blocks());
        uint32("attention.head_count", heads());
        uint32("attention.head_count_kv", config().whole("num_key_value_heads", "n_head_kv"));
        float32("attention.layer_norm_rms_epsilon", config().real("rms_norm_eps"));
        uint32("rope.dimension_count", rotated());
        float32("rope.freq_base", rope().full().real("rope_theta"));
        fileType();
        // Phi-4 is told from other models by a window of 0.
        uint32("attention.sliding_window", config().whole("sliding_window", 0));
        if (name().equals("phimoe")) {
            uint32("expert_used_count", config().whole("num_experts_per_tok", "num_experts_per_token"));
            uint32("expert_count", config().whole("num_local_experts", "num_experts"));
        }
    }
}
