// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.architecture.weights.NormStacks;
import dev.puna.conversion.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** GPT-2, GPT-NeoX, Falcon, StarCoder and StableLM: parameters of their own, and queries, keys and values in one tensor. */
final class OlderFamily extends Architecture {
    private static final List<String> TURNED = List.of(".c_attn.weight", ".c_proj.weight", ".c_fc.weight");

    private final NormStacks norms = new NormStacks();

    OlderFamily(Source source) {
        super(source);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        switch (name()) {
            case "gpt2" ->
                super.tensor(
                        tensor, TURNED.stream().anyMatch(tensor::endsWith) ? data.transpose(0, 1) : data, block, sink);
            case "gptneox" ->
                super.tensor(tensor, tensor.contains("attention.query_key_value.") ? neoX(data) : data, block, sink);
            case "falcon" ->
                super.tensor(tensor, tensor.contains("query_key_value") ? falcon(data) : data, block, sink);
            case "stablelm" -> stableLm(tensor, data, block, sink);
            default -> super.tensor(tensor, data, block, sink);
        }
    }

    /** From queries, keys and values of each head to those of all heads. */
    private Tensor neoX(Tensor data) {
        var heads = config().whole("n_head", "num_attention_heads");
        var shape = data.shape().stream().mapToLong(Long::longValue).toArray();
        var width = config().whole("hidden_size", "n_embed");
        var split = shape.length == 1
                ? data.reshape(heads, 3, width / heads)
                : data.reshape(heads, 3, width / heads, width);
        var parts = new ArrayList<Tensor>();
        for (var part = 0; part < 3; part++) {
            var one = split.at(1, part);
            parts.add(shape.length == 1 ? one.reshape(-1) : one.reshape(-1, width));
        }
        return Tensor.concat(0, parts);
    }

    /** From groups of some queries with their key and value to all queries, then all keys, then all values. */
    private Tensor falcon(Tensor data) {
        var heads = config().whole("num_attention_heads", "n_head");
        var groups = falconGroups();
        var size = config().whole("hidden_size") / heads;
        var width = data.shape().size() == 1 ? 1 : data.size(-1);
        var shape = data.shape().stream().mapToLong(Long::longValue).toArray();
        var each = heads / groups + 2;
        var split = data.reshape(groups, each, size, width);
        return Tensor.concat(
                        0,
                        List.of(
                                split.slice(1, 0, each - 2).reshape(-1, width),
                                split.slice(1, each - 2, each - 1).reshape(-1, width),
                                split.slice(1, each - 1, each).reshape(-1, width)))
                .reshape(shape);
    }

    private long falconGroups() {
        if (config().bool("multi_query", false) && !config().bool("new_decoder_architecture", false)) {
            return 1;
        }
        return Math.max(1, config().optionalWhole("num_kv_heads", "n_head_kv").orElse(1L));
    }

    private void stableLm(String tensor, Tensor data, int block, TensorSink sink) {
        var heads = tensor.contains("q_layernorm.norms")
                ? config().whole("num_attention_heads")
                : tensor.contains("k_layernorm.norms") ? config().whole("num_key_value_heads") : 0;
        if (heads == 0) {
            super.tensor(tensor, data, block, sink);
        } else {
            norms.add(tensor, data, heads)
                    .ifPresent(all -> super.tensor(NormStacks.joinedName(tensor), all, block, sink));
        }
    }

    @Override
    public void finish() {
        norms.requireNone();
    }

    @Override
    public void parameters() {
        switch (name()) {
            case "gpt2" -> {
                uint32("block_count", blocks());
                uint32("context_length", config().whole("n_ctx", "n_positions"));
                gptWidths();
                float32("attention.layer_norm_epsilon", config().real("layer_norm_epsilon"));
                fileType();
            }
            case "starcoder" -> starCoder();
            case "gptneox" -> neoXParameters();
            case "falcon" -> falconParameters();
            default -> stableLmParameters();
        }
    }

    private void gptWidths() {
        uint32("embedding_length", config().whole("n_embd"));
        uint32("feed_forward_length", 4 * config().whole("n_embd"));
        uint32("attention.head_count", config().whole("n_head"));
    }

    private void starCoder() {
        uint32("context_length", config().whole("n_positions"));
        uint32("embedding_length", config().whole("n_embd"));
        uint32("feed_forward_length", 4 * config().whole("n_embd"));
        uint32("block_count", blocks());
        uint32("attention.head_count", config().whole("n_head"));
        uint32("attention.head_count_kv", 1);
        float32("attention.layer_norm_epsilon", config().real("layer_norm_epsilon"));
        fileType();
    }

    private void neoXParameters() {
        uint32("context_length", config().whole("max_position_embeddings"));
        uint32("embedding_length", config().whole("hidden_size"));
        uint32("block_count", blocks());
        uint32("feed_forward_length", config().whole("intermediate_size"));
        uint32(
                "rope.dimension_count",
                part(config().real("rotary_pct"), quotient("hidden_size", "num_attention_heads")));
        uint32("attention.head_count", config().whole("num_attention_heads"));
        bool("use_parallel_residual", config().bool("use_parallel_residual", true));
        float32("attention.layer_norm_epsilon", config().real("layer_norm_eps"));
    }

    private void falconParameters() {
        uint32("context_length", 2048);
        text("tensor_data_layout", "jploski");
        uint32("embedding_length", config().whole("hidden_size"));
        uint32("feed_forward_length", 4 * config().whole("hidden_size"));
        uint32("block_count", blocks());
        uint32("attention.head_count", config().whole("num_attention_heads", "n_head"));
        uint32("attention.head_count_kv", falconGroups());
        float32("attention.layer_norm_epsilon", config().real("layer_norm_epsilon"));
        fileType();
    }

    private void stableLmParameters() {
        uint32("context_length", config().whole("max_position_embeddings"));
        uint32("embedding_length", config().whole("hidden_size"));
        uint32("block_count", blocks());
        uint32("feed_forward_length", config().whole("intermediate_size"));
        uint32(
                "rope.dimension_count",
                part(rope().all().real("partial_rotary_factor"), quotient("hidden_size", "num_attention_heads")));
        uint32("attention.head_count", config().whole("num_attention_heads"));
        uint32("attention.head_count_kv", config().whole("num_key_value_heads"));
        bool("use_parallel_residual", config().bool("use_parallel_residual", true));
        float32("attention.layer_norm_epsilon", config().real("layer_norm_eps", "norm_eps"));
        fileType();
    }
}
