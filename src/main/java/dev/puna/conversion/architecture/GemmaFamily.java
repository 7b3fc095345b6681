// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import com.fasterxml.jackson.core.JsonToken;
import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.conversion.tokenizer.TokenizerKind;
import java.io.IOException;
import java.util.Optional;

/** Gemma 1 to 3 and EmbeddingGemma: their norms hold what is to be added to 1. */
class GemmaFamily extends Architecture {
    private static final String TOKENIZER = "tokenizer.json";

    GemmaFamily(Source source) {
        super(source);
    }

    private boolean third() {
        return name().equals("gemma3") || name().equals("gemma-embedding") || name().equals("gemma4");
    }

    /** Whether a tensor holds what is to be added to 1. */
    boolean shifted(String tensor) {
        return tensor.endsWith("norm.weight");
    }

    @Override
    public TokenizerKind tokenizer() {
        return name().equals("gemma") ? TokenizerKind.GEMMA : TokenizerKind.GEMMA3;
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return !third() && tensor.equals("lm_head.weight") ? Optional.empty() : super.renamed(tensor);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        var changed = data;
        if (third() && tensor.contains("embed_tokens.weight")) {
            changed = data.slice(0, 0, tokens(data.size(0)));
        }
        if (shifted(tensor)) {
            changed = changed.map(value -> value + 1);
        }
        super.tensor(tensor, changed, block, sink);
    }

    /** How many rows of the embeddings belong to tokens. */
    private long tokens(long rows) {
        if (files().has("tokenizer.model")) {
            return Math.min(rows, config().whole("vocab_size", rows));
        }
        var count = 0L;
        try (var parser = Json.stream(files(), TOKENIZER)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                var path = parser.getParsingContext();
                if (token == JsonToken.START_OBJECT
                        && path.getParent() != null
                        && path.getParent().inArray()
                        && "added_tokens".equals(path.getParent().getParent().getCurrentName())
                        && path.getParent().getParent().getParent().inRoot()) {
                    count++;
                } else if (token == JsonToken.FIELD_NAME
                        && "vocab".equals(path.getParent().getCurrentName())
                        && "model".equals(path.getParent().getParent().getCurrentName())) {
                    count++;
                }
            }
        } catch (IOException e) {
            throw Json.unreadable(TOKENIZER, e);
        }
        return Math.min(rows, count);
    }

    @Override
    public void parameters() {
        if (third()) {
            super.parameters();
            gemma3();
            return;
        }
        uint32("context_length", config().whole("max_position_embeddings"));
        uint32("embedding_length", config().whole("hidden_size"));
        uint32("block_count", blocks());
        uint32("feed_forward_length", config().whole("intermediate_size"));
        uint32("attention.head_count", config().whole("num_attention_heads"));
        uint32("attention.head_count_kv", config().whole("num_key_value_heads", "num_attention_heads"));
        float32("attention.layer_norm_rms_epsilon", config().real("rms_norm_eps"));
        uint32("attention.key_length", config().whole("head_dim"));
        uint32("attention.value_length", config().whole("head_dim"));
        fileType();
        if (name().equals("gemma2")) {
            float32("attn_logit_softcapping", config().real("attn_logit_softcapping"));
            float32("final_logit_softcapping", config().real("final_logit_softcapping"));
            uint32("attention.sliding_window", config().whole("sliding_window"));
        }
    }

    private void gemma3() {
        uint32("context_length", config().whole("max_position_embeddings", 131072));
        uint32("attention.head_count", config().whole("num_attention_heads", 8));
        float32("attention.layer_norm_rms_epsilon", config().real("rms_norm_eps", 1e-6));
        uint32("attention.key_length", config().whole("head_dim", 256));
        uint32("attention.value_length", config().whole("head_dim", 256));
        float32("rope.freq_base", rope().full().real("rope_theta", 1_000_000));
        if (config().set("attn_logit_softcapping")) {
            throw config().wrong("null, since llama.cpp's Gemma 3 has no such thing", "attn_logit_softcapping");
        }
        if (config().truthy("final_logit_softcapping")) {
            float32("final_logit_softcapping", config().real("final_logit_softcapping"));
        }
        if (config().whole("sliding_window_pattern", 0) != 1) {
            uint32("attention.sliding_window", config().whole("sliding_window"));
        }
        uint32("attention.head_count_kv", config().whole("num_key_value_heads", 4));
        if (name().equals("gemma-embedding")) {
            uint32(
                    "attention.sliding_window",
                    Config.read(files(), "config.json").whole("sliding_window"));
            pooling();
        }
    }
}
