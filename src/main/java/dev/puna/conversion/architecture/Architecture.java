// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text model whose tensors only get other names, and whose parameters are called as most models call them. Families that differ
 * extend it. <b>Threads:</b> one.
 */
public class Architecture {
    private static final long MOST_BLOCKS = 512;
    private static final List<String> NOT_NEEDED =
            List.of(".attention.masked_bias", ".attention.bias", ".rotary_emb.inv_freq");

    /** Tensors of pictures and sounds begin with these. */
    private static final List<String> OTHER_MEDIA_FRONT = List.of(
            "mlp",
            "vit.",
            "vpm.",
            "siglip2.",
            "conformer.",
            "merger.",
            "resampler.",
            "sound_encoder.",
            "sound_projection.",
            "speech_embeddings.");

    /** Or have these in their names. */
    private static final List<String> OTHER_MEDIA = List.of(
            "visual.",
            "vision.",
            "audio.",
            "talker.",
            "vision_",
            "audio_",
            "token2wav.",
            "code2wav.",
            "projector.",
            "pre_mm_projector_norm",
            "image_newline",
            "view_seperator",
            "patch_embed",
            "patch_embedding",
            "patch_merger.",
            "patch_merge_mlp.",
            "model.connector.");

    /** Where only 32 bits can be computed with. */
    private static final List<String> FULL = List.of(
            "blk.#.ffn_gate_inp",
            "blk.#.ffn_gate_inp_shexp",
            "position_embd",
            "token_types",
            "blk.#.ssm_conv1d",
            "blk.#.shortconv.conv");

    private final String name;
    private final String huggingFaceName;
    private final ModelFiles files;
    private final Entries entries;
    private final TensorNames names;
    private Config config;
    private final long blocks;
    private final Rope rope;
    private FileType fileType = FileType.F16;

    /**
     * What is known of a model before its weights.
     *
     * @param tensors their names in the files
     */
    record Source(
            String name,
            String huggingFaceName,
            ModelFiles files,
            Config config,
            Entries entries,
            Set<String> tensors) {
        /** Copies the names. */
        Source {
            tensors = Set.copyOf(tensors);
        }

        /** The same model under another name in GGUF. */
        Source named(String other) {
            entries.text("general.architecture", other);
            return new Source(other, huggingFaceName, files, config, entries, tensors);
        }
    }

    Architecture(Source source) {
        this(source, source.config().whole("n_layers", "num_hidden_layers", "n_layer", "num_layers"));
    }

    Architecture(Source source, long blocks) {
        this.name = source.name();
        this.huggingFaceName = source.huggingFaceName();
        this.files = source.files();
        this.entries = source.entries();
        this.config = source.config();
        if (blocks < 1 || blocks > MOST_BLOCKS) {
            throw new InvalidRequest("config.json has " + blocks + " layers; a model has 1 to " + MOST_BLOCKS);
        }
        this.blocks = blocks;
        this.names = TensorNames.of(name, blocks);
        this.rope = new Rope(config, this);
    }

    /** How GGUF calls it. */
    public final String name() {
        return name;
    }

    /** The name of the class that computes it. */
    final String huggingFaceName() {
        return huggingFaceName;
    }

    /** Its parameters. */
    public final Config config() {
        return config;
    }

    /** Replaces its parameters. */
    final void config(Config changed) {
        config = changed;
    }

    final ModelFiles files() {
        return files;
    }

    final Entries entries() {
        return entries;
    }

    /** How many blocks it has. */
    final long blocks() {
        return blocks;
    }

    final Rope rope() {
        return rope;
    }

    /** Sets what most weights have in the file. */
    public final void fileType(FileType type) {
        fileType = type;
    }

    /** Whether most weights are of half precision. */
    final boolean isHalf() {
        return fileType == FileType.F16;
    }

    final void fileType() {
        entries.uint32("general.file_type", fileType.code());
    }

    /** What a tensor is called from here on; nothing if it is not needed. */
    public Optional<String> renamed(String tensor) {
        if (OTHER_MEDIA_FRONT.stream().anyMatch(tensor::startsWith)
                || OTHER_MEDIA.stream().anyMatch(tensor::contains)) {
            return Optional.empty();
        }
        var changed = tensor.endsWith("e_score_correction_bias")
                ? tensor.replace("e_score_correction_bias", "e_score_correction.bias")
                : tensor;
        return Optional.of(changed.replace("language_model.", ""));
    }

    /** Whether a tensor holds nothing that the graph would use. */
    public final boolean unused(String tensor) {
        return NOT_NEEDED.stream().anyMatch(tensor::endsWith);
    }

    /**
     * Tensors that no file has so, before all others.
     *
     * @param tensors all that files have, as they are called from here on
     */
    public void extraTensors(Map<String, Tensor> tensors, TensorSink sink) {}

    /**
     * What becomes of a tensor.
     *
     * @param block the first number in its name, or -1
     */
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        sink.add(mapped(tensor), data);
    }

    /** The number of the block that a tensor belongs to, which is the first number in its name, or -1. */
    public static int block(String tensor) {
        return TensorNames.block(tensor);
    }

    /** In which files the vocabulary is looked for. */
    public TokenizerKind tokenizer() {
        return TokenizerKind.GPT2;
    }

    /** The texts of special tokens by what they are, where the tokeniser's files do not say it. */
    public Map<String, String> specialTokens() {
        return Map.of();
    }

    /** Called when the tokeniser's entries are there, for what its files do not say. */
    public void afterTokenizer() {}

    /** Called when all tensors are there. */
    public void finish() {}

    /** Whether the graph needs a tensor with 32 bits. */
    public boolean full(String tensor, int dimensions) {
        if (dimensions <= 1 || tensor.endsWith("_norm.weight") || !tensor.endsWith(".weight")) {
            return true;
        }
        var block = TensorNames.block(tensor);
        var base = tensor.substring(0, tensor.length() - ".weight".length());
        var entry = block < 0 ? base : base.replace("." + block + ".", ".#.");
        return FULL.contains(entry) && names.has(entry);
    }

    /** The type that a tensor has in any case. */
    public Optional<TensorType> fixedType(String tensor) {
        return Optional.empty();
    }

    /** The model's parameters as entries. */
    public void parameters() {
        uint32("block_count", blocks);
        count(
                "context_length",
                "max_position_embeddings",
                "n_ctx",
                "n_positions",
                "max_length",
                "max_sequence_length",
                "model_max_length");
        count("embedding_length", "hidden_size", "n_embd", "dim");
        count(
                "feed_forward_length",
                "prefix_dense_intermediate_size",
                "dense_intermediate_size",
                "intermediate_size",
                "n_inner",
                "hidden_dim");
        count("attention.head_count", "num_attention_heads", "n_head", "n_heads");
        count("attention.head_count_kv", "num_key_value_heads", "n_kv_heads");
        if (config.has("is_causal") && !config.bool("is_causal", true)) {
            bool("attention.causal", false);
        }
        rope.parameters();
        real("attention.layer_norm_rms_epsilon", "rms_norm_eps", "norm_eps");
        real("attention.layer_norm_epsilon", "layer_norm_eps", "layer_norm_epsilon", "norm_epsilon");
        count("expert_count", "num_local_experts", "num_experts", "n_routed_experts");
        count("expert_used_count", "num_experts_per_tok", "num_experts_per_token", "top_k_experts");
        count("expert_group_count", "n_group");
        count("expert_group_used_count", "topk_group");
        config.text(
                        "score_function",
                        "scoring_func",
                        "score_func",
                        "moe_router_activation",
                        "moe_router_activation_func",
                        "expert_selection_fn")
                .ifPresent(function -> uint32("expert_gating_func", gatingFunction(function)));
        count("attention.key_length", "head_dim");
        count("attention.value_length", "head_dim");
        fileType();
    }

    private static int gatingFunction(String function) {
        return switch (function) {
            case "softmax" -> 1;
            case "sigmoid" -> 2;
            case "sqrtsoftplus" -> 4;
            default ->
                throw new InvalidRequest("config.json chooses experts by '" + function
                        + "', which llama.cpp cannot compute; it knows softmax, sigmoid and sqrtsoftplus");
        };
    }

    /** The name of a tensor in GGUF; one that the architecture does not have is refused. */
    final String mapped(String tensor) {
        return names.find(tensor)
                .orElseThrow(() -> new InvalidRequest("the weights have the tensor " + tensor + ", which a model of the"
                        + " architecture " + huggingFaceName + " with " + blocks + " layers does not have"));
    }

    /** Whether the tensor has this name in GGUF, with # for its block. */
    static boolean is(String tensor, String entry, int block) {
        return tensor.equals(entry.replace("#", Integer.toString(block)));
    }

    final void uint32(String key, long value) {
        entries.uint32(name + "." + key, value);
    }

    final void float32(String key, double value) {
        entries.float32(name + "." + key, value);
    }

    final void bool(String key, boolean value) {
        entries.bool(name + "." + key, value);
    }

    final void text(String key, String value) {
        entries.text(name + "." + key, value);
    }

    /** Sets a whole number, or a list of such, if the first of these keys that is there is not null. */
    final void count(String key, String... from) {
        config.find(from).ifPresent(value -> {
            if (value instanceof List<?> list) {
                entries.int32s(name + "." + key, whole(list, from));
            } else {
                uint32(key, config.whole(from));
            }
        });
    }

    private int[] whole(List<? extends @Nullable Object> list, String... from) {
        var numbers = new int[list.size()];
        var values = config.wholes(from);
        for (var index = 0; index < numbers.length; index++) {
            numbers[index] = (int) values[index];
        }
        return numbers;
    }

    /** Sets a number if the first of these keys that is there is not null. */
    final void real(String key, String... from) {
        config.optionalReal(from).ifPresent(value -> float32(key, value));
    }

    /** Elements of a head, as given or by the width. */
    final long headSize() {
        return config.optionalWhole("head_dim").orElseGet(() -> quotient("hidden_size", "num_attention_heads"));
    }

    /** A whole quotient of two parameters. */
    final long quotient(String number, String divisor) {
        var by = config.whole(divisor);
        if (by <= 0) {
            throw config.wrong("more than 0", divisor);
        }
        return config.whole(number) / by;
    }

    /** A part of a whole number, rounded towards zero. */
    static long part(double factor, long of) {
        return (long) (factor * of);
    }

    /** How many layers of the encoder of pictures reach into the text model. */
    final void deepLayers() {
        var vision = config.section("vision_config");
        uint32(
                "n_deepstack_layers",
                vision.set("deepstack_visual_indexes")
                        ? vision.list("deepstack_visual_indexes").size()
                        : 0);
    }

    /** How the vectors of all tokens become one, as the folders of sentence-transformers say it. */
    final void pooling() {
        Pooling.of(files).ifPresent(type -> uint32("pooling_type", type));
    }

    /** Whether the layers of a kind that {@code layer_types} names slide. */
    final void slidingPattern() {
        var types = config.list("layer_types");
        var slides = new boolean[types.size()];
        for (var index = 0; index < slides.length; index++) {
            slides[index] = "sliding_attention".equals(types.get(index));
        }
        entries.bools(name + ".attention.sliding_window_pattern", slides);
    }
}
