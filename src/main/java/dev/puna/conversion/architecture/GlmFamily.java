// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** GLM-4, dense and with experts. */
final class GlmFamily extends MoeFamily {
    private static final long SIGMOID = 2;

    GlmFamily(Source source) {
        super(
                source,
                source.config().whole("num_hidden_layers")
                        + (source.name().equals("glm4moe") ? source.config().whole("num_nextn_predict_layers", 0) : 0));
    }

    private double rotatedPart() {
        return rope().all().real("partial_rotary_factor", 0.5);
    }

    @Override
    public Map<String, String> specialTokens() {
        var end = "<|endoftext|>";
        var dense = name().equals("glm4");
        var tokens = new LinkedHashMap<String, String>();
        tokens.put(dense ? "eos" : "bos", dense ? end : "[gMASK]");
        tokens.put("eot", "<|user|>");
        tokens.put("unk", end);
        tokens.put(dense ? "bos" : "eom", dense ? end : "<|observation|>");
        return tokens;
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var heads = tensor.endsWith("q_proj.weight")
                || tensor.endsWith("q_proj.bias")
                || tensor.endsWith("k_proj.weight")
                || tensor.endsWith("k_proj.bias");
        super.tensor(
                tensor,
                heads && name().equals("glm4") && rope().all().has("mrope_section") ? split(data) : data,
                block,
                sink);
    }

    /** The rotated rows of each head: first every second, then the others. */
    private Tensor split(Tensor data) {
        var size = headSize();
        var rotated = part(rotatedPart(), size);
        var shape = data.shape().stream().mapToLong(Long::longValue).toArray();
        var columns = shape.length == 1 ? 1 : shape[1];
        var split = data.reshape(shape[0] / size, size, columns);
        var turned = split.slice(1, 0, rotated);
        return Tensor.concat(1, List.of(turned.every(1, 0, 2), turned.every(1, 1, 2), split.slice(1, rotated, size)))
                .reshape(shape);
    }

    @Override
    public void parameters() {
        super.parameters();
        uint32("rope.dimension_count", part(rotatedPart(), headSize()));
        if (name().equals("glm4")) {
            return;
        }
        count("expert_count", "n_routed_experts");
        count("expert_feed_forward_length", "moe_intermediate_size");
        count("expert_shared_count", "n_shared_experts");
        count("leading_dense_block_count", "first_k_dense_replace");
        uint32("expert_gating_func", SIGMOID);
        real("expert_weights_scale", "routed_scaling_factor");
        if (config().set("norm_topk_prob")) {
            bool("expert_weights_norm", config().bool("norm_topk_prob", false));
        }
        count("nextn_predict_layers", "num_nextn_predict_layers");
    }
}
