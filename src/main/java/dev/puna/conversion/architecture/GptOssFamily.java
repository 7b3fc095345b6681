// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.tensor.Mxfp4Blocks;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** gpt-oss: experts whose weights are packed into four bits already, and gates and ups that alternate. */
final class GptOssFamily extends Architecture {
    private static final String BLOCKS = "_blocks";
    private static final String SCALES = "_scales";

    GptOssFamily(Source source) {
        super(source);
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return super.renamed(tensor.contains("sinks") ? tensor + ".weight" : tensor);
    }

    @Override
    public void extraTensors(Map<String, Tensor> tensors, TensorSink sink) {
        tensors.forEach((name, scales) -> {
            if (!name.endsWith(SCALES) || !name.contains("mlp.experts.")) {
                return;
            }
            var whole = name.substring(0, name.length() - SCALES.length());
            var blocks = tensors.get(whole + BLOCKS);
            if (blocks == null || blocks.shape().size() != 4 || scales.shape().size() != 3) {
                throw new InvalidRequest("tensor " + name + " has no blocks of four bits beside it");
            }
            if (whole.endsWith("gate_up_proj")) {
                pack(whole.replace("gate_up_proj", "gate_proj"), blocks.every(1, 0, 2), scales.every(1, 0, 2), sink);
                pack(whole.replace("gate_up_proj", "up_proj"), blocks.every(1, 1, 2), scales.every(1, 1, 2), sink);
            } else {
                pack(whole, blocks, scales, sink);
            }
        });
    }

    private void pack(String name, Tensor blocks, Tensor scales, TensorSink sink) {
        var packed = new Mxfp4Blocks(blocks, scales);
        sink.addPacked(
                mapped(name + ".weight"),
                packed,
                TensorType.MXFP4,
                List.of(blocks.size(0), blocks.size(1), blocks.size(2) * Mxfp4Blocks.ELEMENTS));
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (tensor.endsWith(BLOCKS) || tensor.endsWith(SCALES)) {
            return;
        }
        if (tensor.contains("gate_up_proj")) {
            if (tensor.endsWith("_bias")) {
                super.tensor(tensor.replace("gate_up_proj_bias", "gate_proj.bias"), data.every(-1, 0, 2), block, sink);
                super.tensor(tensor.replace("gate_up_proj_bias", "up_proj.bias"), data.every(-1, 1, 2), block, sink);
            } else {
                var rows = data.transpose(-1, -2);
                super.tensor(tensor.replace("gate_up_proj", "gate_proj.weight"), rows.every(1, 0, 2), block, sink);
                super.tensor(tensor.replace("gate_up_proj", "up_proj.weight"), rows.every(1, 1, 2), block, sink);
            }
        } else if (tensor.contains("down_proj")) {
            if (tensor.endsWith("_bias")) {
                super.tensor(tensor.replace("down_proj_bias", "down_proj.bias"), data, block, sink);
            } else {
                super.tensor(tensor.replace("down_proj", "down_proj.weight"), data.transpose(-1, -2), block, sink);
            }
        } else {
            super.tensor(tensor, data, block, sink);
        }
    }

    @Override
    public void parameters() {
        super.parameters();
        uint32("attention.sliding_window", config().whole("sliding_window"));
        uint32("expert_feed_forward_length", config().whole("intermediate_size"));
    }
}
