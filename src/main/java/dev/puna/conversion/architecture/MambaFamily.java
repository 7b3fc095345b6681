// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.architecture.weights.Zeros;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Mamba 1 and 2, and Falcon Mamba: state spaces without attention. */
final class MambaFamily extends Architecture {
    /** Any number does: the state has no length. */
    private static final long CONTEXT = 1 << 20;

    private @Nullable Tensor embeddings;

    MambaFamily(Source source) {
        super(source);
    }

    private boolean second() {
        return name().equals("mamba2");
    }

    @Override
    public TokenizerKind tokenizer() {
        return second() ? TokenizerKind.SENTENCE_PIECE_OR_GPT2 : TokenizerKind.GPT2_OR_SENTENCE_PIECE;
    }

    @Override
    public Optional<String> renamed(String tensor) {
        if (!second()) {
            return super.renamed(tensor);
        }
        var name = tensor.startsWith("model.backbone") || tensor.startsWith("model.lm_head")
                ? tensor.substring("model.".length())
                : tensor;
        return super.renamed(
                name.endsWith(".dt_bias")
                        ? name.substring(0, name.length() - ".dt_bias".length()) + ".dt_proj.bias"
                        : name);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var name = mapped(tensor);
        var changed = data;
        if (is(name, "blk.#.ssm_conv1d.weight", block)) {
            changed = data.squeeze();
        } else if (second()) {
            changed = second(name, data, block, groups(), inner());
        }
        if (tensor.endsWith(".A_log")) {
            changed = decay(changed);
        }
        if (!second() && name.equals("token_embd.weight")) {
            embeddings = data;
        }
        var known = embeddings;
        if (known != null && name.equals("output.weight") && Zeros.equal(known, data)) {
            return;
        }
        sink.add(name, changed);
    }

    /** What Mamba 2 has beside matrices, in the shapes of ggml. */
    static Tensor second(String name, Tensor data, int block, long groups, long inner) {
        if (is(name, "blk.#.ssm_a", block) || is(name, "blk.#.ssm_d", block)) {
            return data.unsqueeze(-1);
        }
        return is(name, "blk.#.ssm_norm.weight", block) ? data.reshape(groups, inner / groups) : data;
    }

    /**
     * From logarithms to how a state decays. Each number is rounded right; PyTorch's are off by the last bit in one case of a
     * hundred, and in which depends on the processor.
     */
    static Tensor decay(Tensor logarithms) {
        return logarithms.map(value -> (float) -Math.exp(value));
    }

    private long width() {
        return config().whole("hidden_size", "d_model", "dim");
    }

    private long groups() {
        return or("n_groups", 1);
    }

    private long inner() {
        var expand = config().optionalWhole("mamba_expand", "expand").filter(value -> value != 0);
        return config().optionalWhole("mamba_d_ssm", "intermediate_size", "d_inner")
                .filter(value -> value != 0)
                .orElse((second() ? expand.orElse(2L) : 2) * width());
    }

    private long or(String key, long other) {
        var value = config().whole(key, other);
        return value == 0 ? other : value;
    }

    private long or(String key, String older, long other) {
        return config().optionalWhole(key, older).filter(value -> value != 0).orElse(other);
    }

    @Override
    public void parameters() {
        var head = second() ? or("mamba_d_head", "head_dim", 64) : 1;
        if ((!second() && inner() != 2 * width()) || inner() % head != 0) {
            throw config().wrong("twice the width, as llama.cpp's graph wants it", "intermediate_size", "d_inner");
        }
        uint32("context_length", CONTEXT);
        uint32("embedding_length", width());
        uint32("feed_forward_length", 0);
        uint32("attention.head_count", 0);
        uint32("block_count", blocks());
        uint32("ssm.conv_kernel", or("conv_kernel", "d_conv", 4));
        uint32("ssm.inner_size", inner());
        uint32("ssm.state_size", or("state_size", "d_state", second() ? 128 : 16));
        if (second()) {
            uint32("ssm.time_step_rank", inner() / head);
            uint32("ssm.group_count", groups());
        } else {
            uint32("ssm.time_step_rank", or("time_step_rank", "dt_rank", Math.ceilDiv(width(), 16)));
        }
        var epsilon =
                config().optionalReal("layer_norm_epsilon", "rms_norm_eps").filter(value -> value != 0);
        float32("attention.layer_norm_rms_epsilon", epsilon.orElse(1e-5));
        if (!second()) {
            bool("ssm.dt_b_c_rms", config().text("model_type").orElse("").equals("falcon_mamba"));
        }
        fileType();
        padVocabulary();
    }

    /** The vocabulary is as large as the embeddings, which are padded. */
    private void padVocabulary() {
        var multiple = config().whole("pad_vocab_size_multiple", second() ? 16 : 8);
        var padded = new LinkedHashMap<String, Long>();
        padded.put("vocab_size", Math.ceilDiv(config().whole("vocab_size"), multiple) * multiple);
        config(config().with(Map.copyOf(padded)));
    }
}
