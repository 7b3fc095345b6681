// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.tensor.Tensor;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Granite, dense and with experts: as Llama, with factors for everything, and gates and ups in one tensor. */
class GraniteFamily extends LlamaFamily {
    GraniteFamily(Source source) {
        super(source);
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return tensor.startsWith("encoder.")
                        || tensor.contains("image_")
                        || tensor.contains("layerwise_projectors")
                        || tensor.contains("spatial_projectors")
                ? Optional.empty()
                : super.renamed(tensor);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var experts = config().truthy("num_local_experts");
        var entry = "blk." + block + ".ffn_";
        if (tensor.endsWith("block_sparse_moe.input_linear.weight")) {
            halves(data, config().whole("intermediate_size"), entry, "_exps.weight", sink);
        } else if (tensor.endsWith("shared_mlp.input_linear.weight")) {
            halves(
                    data,
                    config().whole("shared_intermediate_size"),
                    entry,
                    experts ? "_shexp.weight" : ".weight",
                    sink);
        } else if (!experts && tensor.endsWith("shared_mlp.output_linear.weight")) {
            sink.add(entry + "down.weight", data);
        } else {
            super.tensor(tensor, data, block, sink);
        }
    }

    private static void halves(Tensor data, long half, String entry, String ending, TensorSink sink) {
        if (data.size(-2) != 2 * half) {
            throw new IllegalArgumentException(data.size(-2) + " rows are not twice " + half);
        }
        sink.add(entry + "gate" + ending, data.slice(-2, 0, half));
        sink.add(entry + "up" + ending, data.slice(-2, half, 2 * half));
    }

    @Override
    public void parameters() {
        var without = new HashMap<String, @Nullable Object>();
        without.put("head_dim", null);
        config(config().with(without));
        super.parameters();
        scale("attention.scale", "attention_multiplier");
        scale("embedding_scale", "embedding_multiplier");
        scale("residual_scale", "residual_multiplier");
        scale("logit_scale", "logits_scaling");
        if (!huggingFaceName().equals("GraniteForCausalLM") && config().truthy("shared_intermediate_size")) {
            uint32("expert_shared_feed_forward_length", config().whole("shared_intermediate_size"));
        }
    }

    private void scale(String key, String from) {
        if (config().truthy(from)) {
            float32(key, config().real(from));
        }
    }
}
