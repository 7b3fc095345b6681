// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.architecture.weights.Zeros;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import java.util.Map;
import java.util.Optional;

/** Models that need a parameter or a name more than all do: Qwen2 and 3, OLMo, Command-R, EXAONE 4, Nemotron, and more. */
final class PlainFamily extends Architecture {
    PlainFamily(Source source) {
        super(source);
        if (name().equals("command-r")) {
            // Its max_position_embeddings are fewer than those that it was trained with.
            config().find("model_max_length", "max_position_embeddings")
                    .ifPresent(length -> config(config().with(Map.of("max_position_embeddings", length))));
        }
    }

    @Override
    public TokenizerKind tokenizer() {
        return switch (name()) {
            case "qwen2", "qwen3", "qwen2vl", "qwen3vl" -> TokenizerKind.SENTENCE_PIECE_OR_GPT2;
            case "nemotron", "ernie4_5" -> TokenizerKind.SENTENCE_PIECE;
            default -> TokenizerKind.GPT2;
        };
    }

    @Override
    public void afterTokenizer() {
        if (name().equals("nemotron")) {
            entries().uint32("tokenizer.ggml.padding_token_id", 0).uint32("tokenizer.ggml.unknown_token_id", 1);
        } else if (name().equals("ernie4_5")) {
            ErnieMoeFamily.addSpacePrefix(files(), entries());
        }
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return super.renamed(
                switch (name()) {
                    case "ernie4_5" -> tensor.replace("ernie.", "model.");
                    case "qwen2vl", "qwen3vl" -> tensor.replace("thinker.", "");
                    default -> tensor;
                });
    }

    @Override
    public void extraTensors(Map<String, Tensor> tensors, TensorSink sink) {
        if (name().equals("exaone4")) {
            rope().addLlama3Factors(sink);
        }
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var name = huggingFaceName().equals("Qwen2Model") || huggingFaceName().equals("Qwen3Model")
                ? "model." + tensor
                : tensor;
        switch (name()) {
            case "olmo" -> super.tensor(name, olmo(name, data), block, sink);
            case "nemotron" ->
                super.tensor(name, name.endsWith("norm.weight") ? data.map(value -> value + 1) : data, block, sink);
            case "ernie4_5" -> ernie(name, data, block, sink);
            case "cohere2" -> {
                if (name.endsWith(".bias")) {
                    Zeros.require(name, data);
                } else {
                    super.tensor(name, data, block, sink);
                }
            }
            default -> super.tensor(name, data, block, sink);
        }
    }

    private Tensor olmo(String name, Tensor data) {
        var heads = config().whole("num_attention_heads");
        if (name.endsWith("q_proj.weight")) {
            return LlamaFamily.permuted(name, data, heads);
        }
        return name.endsWith("k_proj.weight")
                ? LlamaFamily.permuted(name, data, config().whole("num_key_value_heads", heads))
                : data;
    }

    private void ernie(String name, Tensor data, int block, TensorSink sink) {
        if (name.contains("qkv_proj")) {
            var queries = config().whole("num_attention_heads") * headSize();
            var keys = config().whole("num_key_value_heads") * headSize();
            super.tensor(name.replace("qkv_proj", "q_proj"), data.slice(0, 0, queries), block, sink);
            super.tensor(name.replace("qkv_proj", "k_proj"), data.slice(0, queries, queries + keys), block, sink);
            super.tensor(name.replace("qkv_proj", "v_proj"), data.slice(0, queries + keys, data.size(0)), block, sink);
        } else if (name.contains("up_gate_proj")) {
            var half = data.size(0) / 2;
            super.tensor(name.replace("up_gate_proj", "gate_proj"), data.slice(0, 0, half), block, sink);
            super.tensor(name.replace("up_gate_proj", "up_proj"), data.slice(0, half, 2 * half), block, sink);
        } else {
            super.tensor(name, data, block, sink);
        }
    }

    @Override
    public void parameters() {
        super.parameters();
        switch (name()) {
            case "qwen2", "qwen3" -> pooling();
            case "qwen3vl" -> {
                pooling();
                deepLayers();
            }
            case "olmo" -> {
                float32("attention.layer_norm_epsilon", 1e-5);
                real("attention.clamp_kqv", "clip_qkv");
            }
            case "olmo2" -> sliding(4);
            case "command-r" -> {
                float32("logit_scale", config().real("logit_scale"));
                text("rope.scaling.type", "none");
            }
            case "cohere2" -> cohere2();
            case "exaone4" -> {
                uint32("vocab_size", config().whole("vocab_size"));
                // A number, or letters of which the last is the layer that sees everything: "LLLG".
                sliding(config().text("sliding_window_pattern")
                        .map(String::length)
                        .orElseGet(() -> (int) config().whole("sliding_window_pattern", 4)));
            }
            case "nemotron" -> nemotron();
            default -> {
                // nothing more
            }
        }
    }

    /**
     * @param period of the layers that see everything, where the config does not list them
     */
    private void sliding(int period) {
        if (!config().set("sliding_window")) {
            return;
        }
        count("attention.sliding_window", "sliding_window");
        if (config().set("layer_types")) {
            slidingPattern();
        } else {
            var slides = new boolean[(int) blocks()];
            for (var index = 0; index < slides.length; index++) {
                slides[index] = (index + 1) % period != 0;
            }
            entries().bools(name() + ".attention.sliding_window_pattern", slides);
        }
    }

    private void cohere2() {
        float32("logit_scale", config().real("logit_scale"));
        count("attention.sliding_window", "sliding_window");
        uint32("vocab_size", config().whole("vocab_size"));
        uint32(
                "rope.dimension_count",
                part(config().real("rotary_pct"), quotient("hidden_size", "num_attention_heads")));
        text("rope.scaling.type", "none");
    }

    private void nemotron() {
        uint32("vocab_size", config().whole("vocab_size"));
        float32(
                "attention.layer_norm_epsilon",
                config().real("layer_norm_eps", "layer_norm_epsilon", "norm_epsilon", "norm_eps"));
        uint32(
                "rope.dimension_count",
                part(rope().all().real("partial_rotary_factor"), config().whole("hidden_size", "n_embd"))
                        / config().whole("num_attention_heads", "n_head"));
        var factor = config().truthy("factor")
                ? config().optionalReal("factor")
                : rope().all().optionalReal("factor");
        text("rope.scaling.type", factor.isPresent() ? "linear" : "none");
        factor.ifPresent(value -> float32("rope.scaling.factor", value));
    }
}
