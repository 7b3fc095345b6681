// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.architecture.weights.Experts;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Llama 1 to 3, Mistral, Mixtral, SmolLM3, and what is built like them: queries and keys are permuted, since the graph rotates
 * neighbours where the published weights rotate halves.
 */
class LlamaFamily extends Architecture {
    private final boolean permuted;
    private final Experts experts;

    LlamaFamily(Source source) {
        this(source, true);
    }

    /**
     * @param permuted whether queries and keys are to be permuted
     */
    LlamaFamily(Source source, boolean permuted) {
        super(source);
        this.permuted = permuted;
        this.experts = new Experts(config().whole("num_local_experts", 0), List.of("w1", "w2", "w3"));
        if (huggingFaceName().equals("VLlama3ForCausalLM")) {
            config(config().withDefaults(Map.of("num_attention_heads", 32L))); // SmolVLM2 does not say it
        }
        if (config().has("draft_vocab_size")) {
            throw new InvalidRequest("the model is an EAGLE-3 draft, which cannot be converted");
        }
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return super.renamed(tensor.replace("text_model.", ""));
    }

    @Override
    public TokenizerKind tokenizer() {
        return TokenizerKind.LLAMA;
    }

    @Override
    public void extraTensors(Map<String, Tensor> tensors, TensorSink sink) {
        rope().addLlama3Factors(sink);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var name = huggingFaceName().equals("LlamaModel") ? "model." + tensor : tensor;
        if (name.contains("block_sparse_moe.experts")) {
            experts.add(
                    name,
                    data,
                    block,
                    "model.layers." + block + ".block_sparse_moe.experts.",
                    (kind, joined) -> super.tensor(
                            "layers." + block + ".feed_forward.experts." + kind + ".weight", joined, block, sink));
            return;
        }
        super.tensor(name, permuted ? permuted(name, data) : data, block, sink);
    }

    @Override
    public void finish() {
        experts.requireNone();
    }

    @Override
    public void parameters() {
        super.parameters();
        uint32("vocab_size", config().whole("vocab_size"));
        uint32("rope.dimension_count", headSize());
        switch (name()) {
            case "arcee" -> pooling();
            case "mistral3" -> ministral();
            default -> {
                // nothing more
            }
        }
    }

    private void ministral() {
        if (config().text("model_type").orElse("").equals("ministral3")) {
            float32("rope.scaling.yarn_log_multiplier", rope().all().real("mscale_all_dim"));
            float32("attention.temperature_scale", rope().all().real("llama_4_scaling_beta"));
        }
    }

    private Tensor permuted(String name, Tensor data) {
        if (name.endsWith("q_proj.weight") || name.endsWith("q_proj.bias")) {
            return permuted(name, data, config().whole("n_heads", "num_attention_heads"));
        }
        if (name.endsWith("k_proj.weight") || name.endsWith("k_proj.bias")) {
            return permuted(
                    name,
                    data,
                    config().optionalWhole("n_kv_heads", "num_key_value_heads")
                            .orElseGet(() -> config().whole("n_heads", "num_attention_heads")));
        }
        return data;
    }

    /** The rows of each head in the order first of the one half, first of the other, second of the one, and so on. */
    static Tensor permuted(String name, Tensor data, long heads) {
        var rows = data.size(0);
        if (heads <= 0 || rows % (2 * heads) != 0) {
            throw new InvalidRequest("tensor " + name + " has " + rows + " rows, which " + heads
                    + " heads of config.json do not divide");
        }
        var shape = data.shape().stream().mapToLong(Long::longValue).toArray();
        return data.reshape(heads, 2, rows / heads / 2, -1).transpose(1, 2).reshape(shape);
    }
}
