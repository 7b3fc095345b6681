// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.source.Config;
import dev.puna.gguf.GgufValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a model in GGUF by the names that config.json has for them, as far as tensors are cut and joined by them. */
final class BaseParameters {
    /** Of each line: the key in GGUF, and those in config.json. */
    private static final String TABLE = """
            block_count num_hidden_layers
            embedding_length hidden_size n_embd
            feed_forward_length intermediate_size intermediate_size_mlp n_inner
            attention.head_count num_attention_heads
            attention.head_count_kv num_key_value_heads num_kv_heads
            attention.key_length head_dim
            attention.value_length_mla v_head_dim
            expert_count num_local_experts num_experts n_routed_experts moe_num_experts
            expert_feed_forward_length moe_intermediate_size
            expert_shared_feed_forward_length shared_intermediate_size
            nextn_predict_layers num_nextn_predict_layers
            ssm.state_size linear_key_head_dim
            ssm.group_count linear_num_key_heads
            ssm.time_step_rank linear_num_value_heads""";

    private final Map<String, GgufValue> metadata;
    private final String architecture;
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    private BaseParameters(Map<String, GgufValue> metadata) {
        this.metadata = metadata;
        this.architecture = architecture(metadata);
    }

    /** What GGUF calls the architecture, empty if it does not say. */
    static String architecture(Map<String, GgufValue> metadata) {
        return metadata.get("general.architecture") instanceof GgufValue.Text(var name) ? name : "";
    }

    static Config of(Map<String, GgufValue> metadata) {
        var parameters = new BaseParameters(metadata);
        parameters.read();
        return new Config("the metadata of the adapter's model", parameters.values);
    }

    private void read() {
        for (var line : TABLE.split("\n", -1)) {
            var words = List.of(line.split(" ", -1));
            var number = number(words.getFirst());
            if (number >= 0) {
                words.subList(1, words.size()).forEach(word -> values.put(word, number));
            }
        }
        var tokens = metadata.get("tokenizer.ggml.tokens");
        if (tokens != null) {
            values.put("vocab_size", count(tokens));
        }
        var ahead = number("nextn_predict_layers");
        if (architecture.equals("glm4moe") && ahead > 0) {
            values.put("num_hidden_layers", number("block_count") - ahead);
        }
        var rotated = number("rope.dimension_count");
        if (number("attention.key_length_mla") > rotated) {
            values.put("qk_nope_head_dim", number("attention.key_length_mla") - rotated);
            values.put("num_key_value_heads", number("attention.head_count"));
        }
        if (number("ssm.time_step_rank") > 0) {
            values.put("linear_value_head_dim", number("ssm.inner_size") / number("ssm.time_step_rank"));
        }
        rope(rotated);
    }

    private void rope(long rotated) {
        var rope = new LinkedHashMap<String, @Nullable Object>();
        var heads = number("attention.head_count");
        var head = number("attention.key_length") > 0
                ? number("attention.key_length")
                : heads > 0 ? number("embedding_length") / heads : 0;
        if (rotated > 0 && head > 0) {
            // A quarter more, lest what is rounded down afterwards be one less.
            rope.put("partial_rotary_factor", (rotated + 0.25) / head);
        }
        if (metadata.containsKey(architecture + ".rope.dimension_sections")) {
            rope.put("mrope_section", new ArrayList<>());
        }
        values.put("rope_parameters", rope);
    }

    /** A number, the largest of a list, or -1. */
    private long number(String key) {
        return switch (metadata.get(architecture + "." + key)) {
            case GgufValue.Whole(var _, var bits) -> bits;
            case GgufValue.Items items ->
                items.elements().orElse(List.of()).stream()
                        .mapToLong(value -> value instanceof GgufValue.Whole(var _, var bits) ? bits : -1)
                        .max()
                        .orElse(-1);
            case null, default -> -1;
        };
    }

    private static long count(GgufValue value) {
        return switch (value) {
            case GgufValue.Items items -> items.count();
            case GgufValue.Packed packed -> packed.count();
            default -> 0;
        };
    }
}
