// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import java.util.Map;

/** Llama 4: experts in one tensor, turned, and not permuted. */
final class Llama4Family extends LlamaFamily {
    private final long expertWidth;

    Llama4Family(Source source) {
        super(source, false);
        expertWidth = config().whole("intermediate_size");
        config(config().with(Map.of("intermediate_size", config().whole("intermediate_size_mlp"))));
    }

    @Override
    public TokenizerKind tokenizer() {
        return TokenizerKind.GPT2;
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (tensor.contains("gate_up_proj")) {
            var half = data.size(-1) / 2;
            var rows = data.transpose(-1, -2);
            super.tensor(tensor.replace("gate_up_proj", "gate_proj.weight"), rows.slice(-2, 0, half), block, sink);
            super.tensor(tensor.replace("gate_up_proj", "up_proj.weight"), rows.slice(-2, half, 2 * half), block, sink);
        } else if (tensor.endsWith("down_proj")) {
            super.tensor(tensor + ".weight", data.transpose(-1, -2), block, sink);
        } else {
            super.tensor(tensor, data, block, sink);
        }
    }

    @Override
    public void parameters() {
        super.parameters();
        uint32("interleave_moe_layer_step", config().whole("interleave_moe_layer_step"));
        uint32("expert_feed_forward_length", expertWidth);
        if (config().has("layer_types") && config().list("layer_types").stream().allMatch("full_attention"::equals)) {
            uint32("attention.sliding_window", 0);
        }
    }
}
