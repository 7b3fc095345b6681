// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.architecture.weights.Experts;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Optional;

/**
 * Qwen2-MoE, Qwen3-MoE, OLMoE, and the base of others whose experts are called {@code mlp.experts.N.down_proj}: experts are joined,
 * be they published one by one or with gates and ups in one tensor.
 */
class MoeFamily extends Architecture {
    private static final String EXPERTS = "mlp.experts";

    private final Experts experts;

    MoeFamily(Source source) {
        this(source, source.config().whole("n_layers", "num_hidden_layers", "n_layer", "num_layers"));
    }

    MoeFamily(Source source, long blocks) {
        super(source, blocks);
        experts = new Experts(
                config().optionalWhole("n_routed_experts", "num_local_experts", "num_experts")
                        .orElse(0L),
                List.of("down_proj", "gate_proj", "up_proj"));
    }

    /**
     * With experts that are counted or written otherwise.
     *
     * @param kinds of their weights, in the order in which they are written
     */
    MoeFamily(Source source, long experts, List<String> kinds) {
        super(source);
        this.experts = new Experts(experts, kinds);
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return super.renamed(name().equals("qwen3vlmoe") ? tensor.replace("thinker.", "") : tensor);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var prefix = "model.layers." + block + "." + EXPERTS + ".";
        if (!tensor.contains(EXPERTS)) {
            super.tensor(tensor, data, block, sink);
            return;
        }
        var whole = tensor.endsWith(".weight") ? tensor.substring(0, tensor.length() - 7) : tensor;
        var turned = name().equals("qwen3vlmoe");
        if (whole.endsWith(EXPERTS + ".down_proj")) {
            super.tensor(whole + ".weight", turned ? data.transpose(1, 2) : data, block, sink);
        } else if (whole.endsWith(EXPERTS + ".gate_up_proj")) {
            var both = turned ? data.transpose(1, 2) : data;
            var rows = both.shape().size() < 3 ? 1 : both.size(-2);
            if (rows % 2 != 0) {
                throw new InvalidRequest("tensor " + tensor + " of shape " + data.shape() + " cannot be halved");
            }
            super.tensor(prefix + "gate_proj.weight", both.slice(-2, 0, rows / 2), block, sink);
            super.tensor(prefix + "up_proj.weight", both.slice(-2, rows / 2, rows), block, sink);
        } else {
            experts.add(
                    tensor,
                    data,
                    block,
                    prefix,
                    (kind, joined) -> super.tensor(prefix + kind + ".weight", joined, block, sink));
        }
    }

    @Override
    public void finish() {
        experts.requireNone();
    }

    @Override
    public void parameters() {
        super.parameters();
        switch (name()) {
            case "olmoe" -> float32("attention.layer_norm_rms_epsilon", 1e-5);
            case "qwen2moe", "qwen3moe", "qwen3vlmoe", "qwen3next", "qwen35", "qwen35moe" -> {
                count("expert_feed_forward_length", "moe_intermediate_size");
                count("expert_shared_feed_forward_length", "shared_expert_intermediate_size");
                if (name().equals("qwen3vlmoe")) {
                    deepLayers();
                }
            }
            default -> {
                // nothing more
            }
        }
    }
}
