// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gemma 4: as Gemma 3, with layers that differ in their heads, and without the 1 that is added to norms. */
final class Gemma4Family extends GemmaFamily {
    /** A frequency that never turns. */
    private static final float STILL = 1e30f;

    private static final List<String> SUFFIXES = List.of(".weight", ".weight_scale", ".weight_scale_2", ".input_scale");

    Gemma4Family(Source source) {
        super(source);
    }

    @Override
    public TokenizerKind tokenizer() {
        return TokenizerKind.GEMMA4;
    }

    @Override
    boolean shifted(String tensor) {
        return false;
    }

    @Override
    public Optional<String> renamed(String tensor) {
        var bare = tensor.endsWith("per_dim_scale")
                || tensor.endsWith("layer_scalar")
                || (tensor.contains(".experts.") && SUFFIXES.stream().noneMatch(tensor::endsWith));
        return super.renamed(bare ? tensor + ".weight" : tensor);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (tensor.endsWith("router.scale")) {
            sink.add("blk." + block + ".ffn_gate_inp.scale", data);
        } else if (tensor.contains(".per_expert_scale")) {
            sink.add("blk." + block + ".ffn_down_exps.scale", data);
        } else {
            super.tensor(tensor, data, block, sink);
        }
    }

    /** A parameter of the layers that see everything. */
    private Optional<Long> ofFull(String key, String inLayer) {
        if (config().set(key)) {
            return config().optionalWhole(key);
        }
        var types = config().list("layer_types");
        var layers = config().section("per_layer_config");
        for (var name : layers.values().keySet()) {
            var index = TensorNames.number(name, 0, name.length());
            Config layer = layers.section(name);
            if (index >= 0
                    && index < types.size()
                    && "full_attention".equals(types.get((int) index))
                    && layer.set(inLayer)) {
                return layer.optionalWhole(inLayer);
            }
        }
        return Optional.empty();
    }

    private long fullHead() {
        return ofFull("global_head_dim", "head_dim").orElseGet(() -> config().whole("global_head_dim"));
    }

    @Override
    public void extraTensors(Map<String, Tensor> tensors, TensorSink sink) {
        var full = rope().full();
        if (rope().type().filter("proportional"::equals).isEmpty()) {
            throw full.wrong("proportional", "rope_type");
        }
        var factors = new float[(int) (fullHead() / 2)];
        Arrays.fill(factors, STILL);
        Arrays.fill(factors, 0, (int) (fullHead() * full.real("partial_rotary_factor") / 2), 1);
        sink.add("rope_freqs.weight", Tensor.of(factors, factors.length));
    }

    @Override
    public void parameters() {
        super.parameters();
        var shared = config().whole("num_kv_shared_layers");
        uint32("attention.shared_kv_layers", shared);
        uint32("embedding_length_per_layer_input", config().whole("hidden_size_per_layer_input", 0));
        slidingPattern();
        var head = config().whole("head_dim");
        uint32("attention.key_length", fullHead());
        uint32("attention.value_length", fullHead());
        uint32("attention.key_length_swa", head);
        uint32("attention.value_length_swa", head);
        count("expert_feed_forward_length", "expert_intermediate_size", "moe_intermediate_size");
        if (config().truthy("use_double_wide_mlp")) {
            var widths = new int[(int) blocks()];
            Arrays.fill(widths, (int) config().whole("intermediate_size"));
            Arrays.fill(widths, (int) (blocks() - shared), widths.length, 2 * widths[0]);
            entries().int32s(name() + ".feed_forward_length", widths);
        }
        var fullHeads = ofFull("num_global_key_value_heads", "num_key_value_heads");
        if (fullHeads.isPresent() && config().set("num_key_value_heads")) {
            var types = config().list("layer_types");
            var heads = new int[types.size()];
            for (var index = 0; index < heads.length; index++) {
                var slides = "sliding_attention".equals(types.get(index));
                heads[index] = (int) (slides ? config().whole("num_key_value_heads") : (long) fullHeads.get());
            }
            entries().int32s(name() + ".attention.head_count_kv", heads);
        }
        uint32("rope.dimension_count", fullHead());
        uint32("rope.dimension_count_swa", part(rope().all().real("partial_rotary_factor", 1), head));
    }
}
