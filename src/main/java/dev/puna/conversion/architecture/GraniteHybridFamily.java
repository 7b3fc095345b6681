// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import dev.puna.failure.InvalidRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Granite 4 and Bamba: Mamba 2 with some layers of attention. Where all layers attend it is plain Granite to llama.cpp. */
final class GraniteHybridFamily extends GraniteFamily {
    private static final long CONTEXT = 1 << 20;

    private final Set<Integer> attention;
    private final boolean hybrid;

    GraniteHybridFamily(Source source) {
        super(named(source));
        attention = attention(config());
        hybrid = attention.size() < blocks();
    }

    private static Source named(Source source) {
        if (attention(source.config()).size() < source.config().whole("num_hidden_layers")) {
            return source;
        }
        return source.named(
                source.config()
                                        .optionalWhole("num_experts_per_tok", "num_experts_per_token")
                                        .orElse(0L)
                                != 0
                        ? "granitemoe"
                        : "granite");
    }

    private static Set<Integer> attention(Config config) {
        var layers = new TreeSet<Integer>();
        if (config.truthy("layer_types")) {
            var types = config.list("layer_types");
            for (var index = 0; index < types.size(); index++) {
                if ("attention".equals(types.get(index))) {
                    layers.add(index);
                }
            }
        } else if (config.truthy("attn_layer_indices")) {
            for (var index : config.wholes("attn_layer_indices")) {
                layers.add((int) index);
            }
        } else {
            var period = config.whole("attn_layer_period");
            for (var index = 0; index < config.whole("num_hidden_layers"); index++) {
                if (index % period == config.whole("attn_layer_offset")) {
                    layers.add(index);
                }
            }
        }
        return layers;
    }

    @Override
    public TokenizerKind tokenizer() {
        return TokenizerKind.SENTENCE_PIECE_OR_GPT2;
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return super.renamed(
                tensor.endsWith(".dt_bias")
                        ? tensor.substring(0, tensor.length() - ".dt_bias".length()) + ".dt_proj.bias"
                        : tensor);
    }

    private long groups() {
        return config().whole("n_groups", "num_groups", "mamba_n_groups", "mamba_num_groups");
    }

    private long inner() {
        return config().whole("expand", "num_heads", "mamba_expand", "mamba_num_heads")
                * config().whole("mamba_head_dim", "hidden_size", "d_model");
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (block < 0 || tensor.endsWith("block_sparse_moe.input_linear.weight") || tensor.contains("shared_mlp")) {
            super.tensor(tensor, data, block, sink);
        } else if (attention.contains(block)) {
            super.tensor(tensor, data, block, sink);
        } else {
            var name = mapped(tensor);
            var shaped = is(name, "blk.#.ssm_conv1d.weight", block)
                    ? data.squeeze()
                    : MambaFamily.second(name, data, block, groups(), inner());
            sink.add(name, tensor.endsWith(".A_log") ? MambaFamily.decay(shaped) : shaped);
        }
    }

    @Override
    public void parameters() {
        super.parameters();
        uint32("ssm.conv_kernel", config().whole("conv_kernel", "d_conv", "mamba_conv_kernel", "mamba_d_conv"));
        uint32(
                "ssm.state_size",
                config().whole(
                                "state_size",
                                "d_state",
                                "state_dim",
                                "ssm_state_size",
                                "mamba_state_size",
                                "mamba_d_state"));
        uint32("ssm.group_count", groups());
        uint32("ssm.inner_size", inner());
        uint32("ssm.time_step_rank", config().whole("n_heads", "num_heads", "mamba_n_heads", "mamba_num_heads"));
        if (config().truthy("attn_rotary_emb")) {
            uint32("rope.dimension_count", config().whole("attn_rotary_emb"));
        }
        var heads = new int[(int) blocks()];
        for (var index : attention) {
            heads[index] = (int) config().whole("num_key_value_heads", "n_head_kv");
        }
        entries().int32s(name() + ".attention.head_count_kv", heads);
        var rotates = huggingFaceName().equals("BambaForCausalLM") || !hybrid;
        bool("rope.scaling.finetuned", rotates);
        if (!rotates) {
            uint32("context_length", CONTEXT);
        }
        var head = config().optionalWhole("d_head", "mamba_d_head")
                .filter(size -> size != 0)
                .orElse(64L);
        if (inner() % head != 0) {
            throw new InvalidRequest("config.json gives Mamba layers a width of " + inner() + ", which heads of " + head
                    + " do not divide");
        }
        var multiple = hybrid ? 8 : 1;
        config(config().with(
                        Map.of("vocab_size", Math.ceilDiv(config().whole("vocab_size"), multiple) * (long) multiple)));
    }
}
