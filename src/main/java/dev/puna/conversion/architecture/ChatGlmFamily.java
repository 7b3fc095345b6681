// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** ChatGLM and GLM-4 as they were before 2025. */
final class ChatGlmFamily extends Architecture {
    private static final String END = "<|endoftext|>";

    ChatGlmFamily(Source source) {
        super(source);
    }

    @Override
    public Map<String, String> specialTokens() {
        var tokens = new LinkedHashMap<String, String>();
        tokens.put("eos", END);
        tokens.put("eot", "<|user|>");
        tokens.put("unk", END);
        return tokens;
    }

    @Override
    public Optional<String> renamed(String tensor) {
        if (tensor.endsWith(".rotary_pos_emb.inv_freq")) {
            return Optional.empty();
        }
        return super.renamed(tensor.startsWith("transformer.") ? tensor.substring("transformer.".length()) : tensor);
    }

    @Override
    public void parameters() {
        var width = config().whole("hidden_size", "n_embed");
        var heads = config().whole("n_head", "num_attention_heads");
        uint32("context_length", config().whole("seq_length", width));
        uint32("embedding_length", width);
        uint32(
                "feed_forward_length",
                config().optionalWhole("ffn_hidden_size", "intermediate_size").orElse(4 * width));
        uint32("block_count", blocks());
        uint32("attention.head_count", heads);
        uint32(
                "attention.head_count_kv",
                config().optionalWhole("multi_query_group_num", "num_key_value_heads")
                        .orElse(heads));
        float32("attention.layer_norm_rms_epsilon", config().real("layernorm_epsilon", 1e-5));
        fileType();
        var size = config().has("attention_dim")
                ? config().whole("attention_dim")
                : quotient("hidden_size", "num_attention_heads");
        uint32("rope.dimension_count", part(rope().all().real("partial_rotary_factor", 0.5), size));
        entries().bool("tokenizer.ggml.add_bos_token", false);
        float32("rope.freq_base", 10000 * config().real("rope_ratio", 1));
    }
}
