// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** BERT and what became of it, which turns texts into vectors or ranks them. What only its training needed is left out. */
class BertFamily extends Architecture {
    static final int FIRST_TOKEN = 2;

    /** Layers of training, and positions that are only counted. */
    private static final List<String> LEFT_OUT =
            List.of("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias");

    private final List<String> prefixes;

    /**
     * @param prefixes before the names of tensors, in the order in which they are taken away
     */
    BertFamily(Source source, String... prefixes) {
        super(source);
        this.prefixes = List.of(prefixes);
    }

    /** The model by its name in Hugging Face's library. */
    static Architecture of(Source source) {
        var name = source.huggingFaceName();
        if (name.startsWith("DistilBert")) {
            return new DistilBert(source);
        }
        if (name.startsWith("Roberta") || name.startsWith("XLMRoberta")) {
            return new RobertaFamily(source);
        }
        return switch (source.name()) {
            case "nomic-bert", "nomic-bert-moe" -> new NomicBert(source);
            case "modern-bert" -> new ModernBert(source);
            case "neo-bert" -> new NeoBert(source);
            case "eurobert" -> new EuroBert(source);
            default -> new BertFamily(source, "bert.");
        };
    }

    @Override
    public TokenizerKind tokenizer() {
        return name().equals("jina-bert-v2") ? TokenizerKind.JINA_BERT : TokenizerKind.WORD_PIECE;
    }

    @Override
    public Optional<String> renamed(String tensor) {
        var changed = tensor;
        for (var prefix : prefixes) {
            changed = changed.startsWith(prefix) ? changed.substring(prefix.length()) : changed;
        }
        changed = ending(ending(changed, ".gamma", ".weight"), ".beta", ".bias");
        return LEFT_OUT.contains(changed)
                        || changed.startsWith("cls.predictions")
                        || changed.startsWith("cls.seq_relationship")
                ? Optional.empty()
                : super.renamed(changed);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var classifies = tensor.equals("classifier.weight") || tensor.equals("classifier.bias");
        super.tensor(
                classifies && !labels().isEmpty() ? tensor.replace("classifier.", "classifier.out_proj.") : tensor,
                data,
                block,
                sink);
    }

    @Override
    public void parameters() {
        super.parameters();
        bool("attention.causal", false);
        pooling();
        if (!labels().isEmpty()) {
            entries().texts(name() + ".classifier.output_labels", labels());
        }
    }

    /** What it tells apart, in the order of the results; two without names are what a configuration has by itself. */
    private List<String> labels() {
        var named = config().section("id2label");
        var labels = new TreeMap<Integer, String>();
        named.values().forEach((id, label) -> {
            if (!(label instanceof String text) || TensorNames.number(id, 0, id.length()) < 0) {
                throw config().wrong("an object of numbers and texts", "id2label");
            }
            labels.put(Integer.parseInt(id), text);
        });
        return labels.size() == 2 && "LABEL_0".equals(labels.get(0)) ? List.of() : List.copyOf(labels.values());
    }

    private static String ending(String tensor, String from, String to) {
        return tensor.endsWith(from) ? tensor.substring(0, tensor.length() - from.length()) + to : tensor;
    }

    private static final class DistilBert extends BertFamily {
        private static final double EPSILON = 1e-12;

        DistilBert(Source source) {
            super(source, "distilbert.", "bert.");
        }

        @Override
        public Optional<String> renamed(String tensor) {
            var bare = tensor.startsWith("distilbert.") ? tensor.substring("distilbert.".length()) : tensor;
            return bare.startsWith("vocab_") ? Optional.empty() : super.renamed(tensor);
        }

        @Override
        public void parameters() {
            float32("attention.layer_norm_epsilon", EPSILON);
            super.parameters();
        }
    }

    private static final class ModernBert extends BertFamily {
        ModernBert(Source source) {
            super(source, "model.", "bert.");
        }

        @Override
        public TokenizerKind tokenizer() {
            return TokenizerKind.MODERN_BERT;
        }

        /** Without what guesses masked tokens. */
        @Override
        public Optional<String> renamed(String tensor) {
            return tensor.startsWith("decoder.") ? Optional.empty() : super.renamed(tensor);
        }

        @Override
        public void parameters() {
            super.parameters();
            uint32("attention.sliding_window", config().whole("local_attention"));
            if (config().set("global_attn_every_n_layers")) {
                uint32("attention.sliding_window_pattern", config().whole("global_attn_every_n_layers"));
            }
            text("rope.scaling.type", "none");
            uint32("vocab_size", config().whole("vocab_size"));
            config().text("hidden_activation")
                    .filter(activation -> !activation.isEmpty())
                    .ifPresent(activation -> text("hidden_activation", activation));
        }
    }

    private static final class NeoBert extends BertFamily {
        NeoBert(Source source) {
            super(source, "model.", "bert.");
        }

        @Override
        public Optional<String> renamed(String tensor) {
            return tensor.startsWith("decoder.") ? Optional.empty() : super.renamed(tensor);
        }

        @Override
        public void parameters() {
            super.parameters();
            uint32("feed_forward_length", 2 * config().whole("intermediate_size") / 3);
            float32("rope.freq_base", 10000);
            text("rope.scaling.type", "none");
            float32("attention.layer_norm_rms_epsilon", config().real("norm_eps", 1e-6));
            uint32("pooling_type", FIRST_TOKEN);
        }
    }

    private static final class EuroBert extends Architecture {
        EuroBert(Source source) {
            super(source);
        }

        @Override
        public TokenizerKind tokenizer() {
            return TokenizerKind.EURO_BERT;
        }

        @Override
        public Optional<String> renamed(String tensor) {
            return super.renamed(tensor.startsWith("model.") ? tensor.substring("model.".length()) : tensor);
        }

        @Override
        public void parameters() {
            super.parameters();
            bool("attention.causal", false);
            text("rope.scaling.type", "none");
            pooling();
        }
    }

    /** RoBERTa and XLM-RoBERTa: positions begin after that of the padding. */
    private static final class RobertaFamily extends BertFamily {
        private final long offset;

        RobertaFamily(Source source) {
            super(source, "roberta.", "bert.");
            offset = offset(source.config());
            config(shortened(config(), offset));
        }

        static long offset(Config config) {
            var type = config.text("model_type").orElse("");
            if (config.has("pad_token_id") ? config.set("pad_token_id") : type.contains("roberta")) {
                return 1 + config.whole("pad_token_id", 1);
            }
            return 0;
        }

        static Config shortened(Config config, long offset) {
            return offset > 0 && config.has("max_position_embeddings")
                    ? config.with(Map.of("max_position_embeddings", config.whole("max_position_embeddings") - offset))
                    : config;
        }

        @Override
        public TokenizerKind tokenizer() {
            return huggingFaceName().startsWith("XLM") ? TokenizerKind.UNIGRAM : TokenizerKind.ROBERTA;
        }

        @Override
        public Optional<String> renamed(String tensor) {
            var changed = tensor;
            if (name().equals("jina-bert-v3")) {
                changed = changed.replace(".parametrizations.", ".");
                changed = ending(changed, ".original", "");
                // adapters for tasks, which the converter writes to files of their own
                if (changed.endsWith(".0.lora_A") || changed.endsWith(".0.lora_B")) {
                    return Optional.empty();
                }
            }
            return super.renamed(changed);
        }

        @Override
        public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
            var positions = tensor.equals("embeddings.position_embeddings.weight");
            super.tensor(
                    tensor,
                    positions ? data.slice(0, Math.min(offset, data.size(0)), data.size(0)) : data,
                    block,
                    sink);
        }
    }

    private static final class NomicBert extends BertFamily {
        private static final long LONG = 8192;
        private static final long TRAINED = 2048;
        private static final long SHORT = 512;

        private final boolean experts;
        private final boolean unigram;

        NomicBert(Source source) {
            super(source, "bert.");
            experts = name().equals("nomic-bert-moe");
            unigram = TokenizerKind.isUnigram(files());
            var changed = new HashMap<String, @Nullable Object>();
            if (unigram) {
                var offset = RobertaFamily.offset(config());
                config(RobertaFamily.shortened(config(), offset));
            }
            var positions = config().whole("n_positions");
            if (config().whole("max_trained_positions", TRAINED) != TRAINED
                    || (positions != LONG && positions != TRAINED)) {
                throw config().wrong("8192 or 2048, with max_trained_positions 2048", "n_positions");
            }
            changed.put("n_positions", positions == LONG ? TRAINED : SHORT);
            must("causal", false);
            for (var bias : List.of("qkv_proj_bias", "mlp_fc1_bias", "mlp_fc2_bias")) {
                must(bias, experts);
            }
            must("prenorm", false);
            must("rotary_emb_interleaved", false);
            if (config().real("rotary_emb_fraction") != 1) {
                throw config().wrong("1", "rotary_emb_fraction");
            }
            config(config().with(changed));
        }

        private void must(String key, boolean value) {
            if (config().bool(key, !value) != value) {
                throw config().wrong(value + ", since llama.cpp computes it only so", key);
            }
        }

        @Override
        public TokenizerKind tokenizer() {
            return unigram ? TokenizerKind.UNIGRAM_WITH_MASK : TokenizerKind.WORD_PIECE;
        }

        @Override
        public Optional<String> renamed(String tensor) {
            return tensor.contains("mlp.experts.bias") ? Optional.empty() : super.renamed(tensor);
        }

        @Override
        public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
            if (tensor.contains("mlp.experts.mlp.w1") || tensor.contains("mlp.experts.mlp.w2")) {
                var stacked = data.reshape(
                        config().whole("num_local_experts", "num_experts"),
                        config().whole("n_inner"),
                        config().whole("n_embd"));
                var turned = tensor.contains("mlp.experts.mlp.w2") ? stacked.transpose(1, 2) : stacked;
                super.tensor(tensor + ".weight", turned, block, sink);
            } else {
                super.tensor(tensor, data, block, sink);
            }
        }

        @Override
        public void parameters() {
            super.parameters();
            if (experts) {
                uint32("moe_every_n_layers", config().whole("moe_every_n_layers"));
                uint32("expert_used_count", config().whole("moe_top_k"));
            }
        }
    }
}
