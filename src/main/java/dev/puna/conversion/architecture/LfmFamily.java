// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.architecture.weights.Experts;
import dev.puna.conversion.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** LFM2: short convolutions with attention among them. */
final class LfmFamily extends Architecture {
    private static final List<String> SOUNDS =
            List.of("audio", "codebook", "conformer", "depth_embedding", "depthformer", "depth_linear");

    private static final long SIGMOID = 2;

    private final Experts experts;

    LfmFamily(Source source) {
        super(source);
        experts = new Experts(
                config().optionalWhole("num_local_experts", "num_experts").orElse(0L), List.of("w1", "w2", "w3"));
    }

    private boolean mixture() {
        return name().equals("lfm2moe");
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return SOUNDS.stream().anyMatch(tensor::contains)
                ? Optional.empty()
                : super.renamed(tensor.replace("lfm.", "model.").replace(".expert_bias", ".expert_bias.bias"));
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (mixture() && tensor.contains("experts")) {
            experts.add(
                    tensor,
                    data,
                    block,
                    "model.layers." + block + ".feed_forward.experts.",
                    (kind, joined) -> super.tensor(
                            "layers." + block + ".feed_forward.experts." + kind + ".weight", joined, block, sink));
        } else {
            super.tensor(tensor, tensor.contains("conv.conv") ? data.squeeze(1) : data, block, sink);
        }
    }

    @Override
    public void finish() {
        experts.requireNone();
    }

    @Override
    public void parameters() {
        var heads = new ArrayList<Long>();
        for (var block = 0; block < blocks(); block++) {
            heads.add(attends(block) ? config().whole("num_key_value_heads") : 0L);
        }
        config(config().with(Map.of("num_key_value_heads", heads)));
        super.parameters();
        if (mixture()) {
            uint32("expert_feed_forward_length", config().whole("moe_intermediate_size"));
            uint32("leading_dense_block_count", config().whole("num_dense_layers"));
            uint32("expert_gating_func", SIGMOID);
        }
        uint32("vocab_size", config().whole("vocab_size"));
        uint32("shortconv.l_cache", config().whole("conv_L_cache"));
        if (mixture()) {
            return;
        }
        float32("attention.layer_norm_rms_epsilon", config().real("norm_eps"));
        uint32("feed_forward_length", feedForward());
    }

    private boolean attends(int block) {
        if (config().set("layer_types")) {
            var types = config().list("layer_types");
            var type = block < types.size() ? types.get(block) : null;
            return mixture() ? "full_attention".equals(type) : type != null && !"conv".equals(type);
        }
        if (!config().set("full_attn_idxs")) {
            return true;
        }
        for (var index : config().wholes("full_attn_idxs")) {
            if (index == block) {
                return true;
            }
        }
        return false;
    }

    private long feedForward() {
        var width = config().whole("block_ff_dim", "intermediate_size");
        if (!config().truthy("block_auto_adjust_ff_dim")) {
            return width;
        }
        var adjusted = (long) (2 * width / 3.0);
        if (config().set("block_ffn_dim_multiplier")) {
            adjusted = part(config().real("block_ffn_dim_multiplier"), adjusted);
        }
        var multiple = config().whole("block_multiple_of");
        return Math.ceilDiv(adjusted, multiple) * multiple;
    }
}
