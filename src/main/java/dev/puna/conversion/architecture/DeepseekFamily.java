// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DeepSeek 1 to V3: from V2 on keys and values are pressed, and how they are unpressed becomes two tensors. */
final class DeepseekFamily extends MoeFamily {
    DeepseekFamily(Source source) {
        super(source);
    }

    private boolean first() {
        return name().equals("deepseek");
    }

    @Override
    public TokenizerKind tokenizer() {
        return first() ? TokenizerKind.SENTENCE_PIECE_OR_GPT2 : TokenizerKind.GPT2;
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (first()) {
            super.tensor(tensor, permuted(tensor, data), block, sink);
            return;
        }
        if ((config().bool("tie_word_embeddings", false)
                        && (tensor.equals("lm_head.weight") || tensor.equals("model.lm_head.weight")))
                || (tensor.startsWith("model.layers.") && block >= blocks())) {
            return; // tied weights, and layers that guess tokens ahead
        }
        if (tensor.endsWith("kv_b_proj.weight")) {
            var heads = config().whole("num_key_value_heads");
            var keys = config().whole("qk_nope_head_dim");
            var values = config().whole("v_head_dim");
            var split = data.reshape(heads, keys + values, data.size(-1));
            var keyPart = split.slice(1, 0, keys).transpose(1, 2);
            super.tensor(tensor.replace("kv_b_proj", "k_b_proj"), keyPart, block, sink);
            super.tensor(tensor.replace("kv_b_proj", "v_b_proj"), split.slice(1, keys, keys + values), block, sink);
            return;
        }
        super.tensor(tensor, data, block, sink);
    }

    private Tensor permuted(String name, Tensor data) {
        var heads = config().whole("num_attention_heads");
        if (name.endsWith("q_proj.weight") || name.endsWith("q_proj.bias")) {
            return LlamaFamily.permuted(name, data, heads);
        }
        return name.endsWith("k_proj.weight") || name.endsWith("k_proj.bias")
                ? LlamaFamily.permuted(name, data, config().whole("num_key_value_heads", heads))
                : data;
    }

    @Override
    public void parameters() {
        if (first()) {
            super.parameters();
            firstParameters();
            return;
        }
        var changed = new HashMap<String, @Nullable Object>(Map.of("num_key_value_heads", 1L));
        changed.put("rms_norm_eps", config().real("rms_norm_eps", 1e-6));
        config(config().with(changed));
        super.parameters();
        var experts = config().set("n_routed_experts");
        uint32(
                "leading_dense_block_count",
                config().whole("first_k_dense_replace", experts ? 0 : config().whole("num_hidden_layers")));
        uint32("vocab_size", config().whole("vocab_size"));
        count("attention.q_lora_rank", "q_lora_rank");
        var rank = config().whole("kv_lora_rank", 512);
        var rotated = config().whole("qk_rope_head_dim");
        uint32("attention.kv_lora_rank", rank);
        uint32("attention.key_length", rank + rotated);
        uint32("attention.value_length", rank);
        uint32("attention.key_length_mla", config().whole("qk_nope_head_dim") + rotated);
        uint32("attention.value_length_mla", config().whole("v_head_dim"));
        uint32("expert_feed_forward_length", config().whole("moe_intermediate_size", "intermediate_size"));
        count("expert_count", "n_routed_experts");
        uint32("expert_shared_count", config().whole("n_shared_experts", 0));
        real("expert_weights_scale", "routed_scaling_factor");
        if (config().truthy("norm_topk_prob")) {
            bool("expert_weights_norm", true);
        }
        uint32("rope.dimension_count", rotated);
        rope().all()
                .optionalReal("mscale_all_dim")
                .ifPresent(scale -> float32("rope.scaling.yarn_log_multiplier", 0.1 * scale));
    }

    private void firstParameters() {
        uint32("rope.dimension_count", headSize());
        text("rope.scaling.type", "none");
        uint32("leading_dense_block_count", config().whole("first_k_dense_replace"));
        uint32("vocab_size", config().whole("vocab_size"));
        uint32("expert_feed_forward_length", config().whole("moe_intermediate_size"));
        float32("expert_weights_scale", 1);
        uint32("expert_count", config().whole("n_routed_experts"));
        uint32("expert_shared_count", config().whole("n_shared_experts"));
    }
}
