// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Qwen3-Next and Qwen 3.5: linear attention in most layers, and a layer behind the others that guesses tokens ahead. From 3.5 on
 * the heads of values are put in the order in which ggml repeats those of keys.
 */
final class QwenNextFamily extends MoeFamily {
    private static final String AHEAD = "mtp.";
    private static final int[] SECTIONS = {11, 11, 10, 0};

    QwenNextFamily(Source source) {
        super(source, layers(source.config()) + ahead(source));
    }

    private static long layers(Config config) {
        return config.whole("num_hidden_layers");
    }

    /** How many layers guess ahead: as given, or as the weights have them. */
    private static long ahead(Source source) {
        var given = source.config().whole("mtp_num_hidden_layers", 0);
        if (given != 0) {
            return given;
        }
        var found = 0;
        for (var name : source.tensors()) {
            var at = name.startsWith("model.mtp.layers.")
                    ? "model.mtp.layers.".length()
                    : name.startsWith("mtp.layers.") ? "mtp.layers.".length() : 0;
            if (at > 0) {
                found = Math.max(found, TensorNames.block(name.substring(at)) + 1);
            }
        }
        return found;
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return super.renamed(tensor)
                .map(name -> name.startsWith("model." + AHEAD) ? name.substring(6) : name)
                .map(this::ahead);
    }

    private String ahead(String name) {
        if (!name.startsWith(AHEAD)) {
            return name;
        }
        var parts = name.split("\\.", 4);
        if (parts.length == 4 && parts[1].equals("layers")) {
            return "model.layers." + (layers(config()) + TensorNames.block(parts[2])) + "." + parts[3];
        }
        var part =
                switch (parts[1]) {
                    case "fc" -> "eh_proj";
                    case "pre_fc_norm_embedding" -> "enorm";
                    case "pre_fc_norm_hidden" -> "hnorm";
                    case "norm" -> "shared_head.norm";
                    default -> "";
                };
        return part.isEmpty() || parts.length != 3
                ? name
                : "model.layers." + layers(config()) + "." + part + "." + parts[2];
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var ordered = !name().equals("qwen3next") && tensor.contains("linear_attn.") ? ordered(tensor, data) : data;
        if (tensor.endsWith(".A_log")) {
            super.tensor(tensor, MambaFamily.decay(ordered), block, sink);
        } else if (tensor.endsWith(".dt_bias")) {
            super.tensor(tensor.replace(".dt_bias", ".dt_proj.bias"), ordered, block, sink);
        } else if (tensor.contains("conv1d")) {
            super.tensor(tensor, ordered.squeeze(), block, sink);
        } else if (tensor.endsWith("norm.weight") && !tensor.endsWith("linear_attn.norm.weight")) {
            super.tensor(tensor, ordered.map(value -> value + 1), block, sink);
        } else if (tensor.contains("in_proj_qkvz.weight")) {
            split(data, block, sink);
        } else {
            super.tensor(tensor, ordered, block, sink);
        }
    }

    private long keyHeads() {
        return config().whole("linear_num_key_heads", 0);
    }

    private long valueHeads() {
        return config().whole("linear_num_value_heads", 0);
    }

    /** From queries, keys, values and gates of each head to those of all heads. */
    private void split(Tensor data, int block, TensorSink sink) {
        var key = config().whole("linear_key_head_dim");
        var value = valueHeads() / keyHeads() * config().whole("linear_value_head_dim");
        var columns = data.size(1);
        var heads = data.reshape(keyHeads(), 2 * key + 2 * value, columns);
        var parts = new ArrayList<Tensor>();
        var from = 0L;
        for (var size : List.of(key, key, value, value)) {
            parts.add(heads.slice(1, from, from + size).reshape(-1, columns));
            from += size;
        }
        sink.add("blk." + block + ".attn_qkv.weight", Tensor.concat(0, parts.subList(0, 3)));
        sink.add("blk." + block + ".attn_gate.weight", parts.get(3));
    }

    /** With the heads of values, which stand by the head of keys that they share, so that each head of keys comes in turn. */
    private Tensor ordered(String tensor, Tensor data) {
        if (keyHeads() == 0 || valueHeads() == 0 || keyHeads() == valueHeads()) {
            return data;
        }
        var size = config().whole("linear_value_head_dim");
        var keys = 2 * config().whole("linear_key_head_dim") * keyHeads();
        if (tensor.contains(".in_proj_qkv.") || tensor.contains(".conv1d")) {
            var rows = tensor.contains(".conv1d") ? data.squeeze() : data;
            return Tensor.concat(
                    0, List.of(rows.slice(0, 0, keys), turned(rows.slice(0, keys, rows.size(0)), 0, size)));
        }
        if (tensor.contains(".in_proj_z.")) {
            return turned(data, 0, size);
        }
        if (tensor.contains(".out_proj.")) {
            return turned(data, 1, size);
        }
        return tensor.contains(".in_proj_b.") || tensor.contains(".in_proj_a.")
                ? turned(data, 0, 1)
                : tensor.contains(".A_log") || tensor.contains(".dt_bias") || tensor.contains(".dt_proj")
                        ? turned(data, -1, 1)
                        : data;
    }

    private Tensor turned(Tensor data, int dimension, long size) {
        var at = dimension < 0 ? dimension + data.shape().size() : dimension;
        var split = new ArrayList<>(data.shape());
        split.remove(at);
        split.addAll(at, List.of(keyHeads(), valueHeads() / keyHeads(), size));
        var flat = data.shape().stream().mapToLong(Long::longValue).toArray();
        return data.reshape(split.stream().mapToLong(Long::longValue).toArray())
                .transpose(at, at + 1)
                .reshape(flat);
    }

    @Override
    public void parameters() {
        super.parameters();
        if (blocks() > layers(config())) {
            uint32("nextn_predict_layers", blocks() - layers(config()));
        }
        uint32("ssm.conv_kernel", config().whole("linear_conv_kernel_dim"));
        uint32("ssm.state_size", config().whole("linear_key_head_dim"));
        uint32("ssm.group_count", keyHeads());
        uint32("ssm.time_step_rank", valueHeads());
        uint32("ssm.inner_size", config().whole("linear_value_head_dim") * valueHeads());
        recurrent();
        uint32("full_attention_interval", config().whole("full_attention_interval", 4));
        uint32("rope.dimension_count", part(rope().all().real("partial_rotary_factor", 0.25), headSize()));
        if (!name().equals("qwen3next") && !rope().all().has("mrope_section")) {
            entries().int32s(name() + ".rope.dimension_sections", SECTIONS);
        }
    }

    /** Which layers have a state. transformers fill that in for Qwen3-Next. */
    private void recurrent() {
        var recurrent = new boolean[(int) blocks()];
        if (config().set("layer_types")) {
            var types = config().list("layer_types");
            if (types.size() != layers(config())) {
                throw config().wrong("a list of as many as there are layers", "layer_types");
            }
            for (var index = 0; index < types.size(); index++) {
                recurrent[index] = "linear_attention".equals(types.get(index));
            }
        } else if (name().equals("qwen3next")) {
            var interval = config().whole("full_attention_interval", 4);
            for (var index = 0; index < layers(config()); index++) {
                recurrent[index] = (index + 1) % interval != 0;
            }
        } else {
            return;
        }
        entries().bools(name() + ".attention.recurrent_layers", recurrent);
    }
}
