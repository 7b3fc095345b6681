// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tokenizer.TokenizerKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ERNIE 4.5 with experts. */
final class ErnieMoeFamily extends MoeFamily {
    private static final List<String> AHEAD =
            List.of("model.mtp_block.", "model.mtp_emb_norm.", "model.mtp_hidden_norm.", "model.mtp_linear_proj.");

    ErnieMoeFamily(Source source) {
        super(source, source.config().whole("moe_num_experts"), List.of("gate_proj", "up_proj", "down_proj"));
    }

    @Override
    public TokenizerKind tokenizer() {
        return TokenizerKind.SENTENCE_PIECE;
    }

    @Override
    public void afterTokenizer() {
        addSpacePrefix(files(), entries());
    }

    /** Whether a space goes before texts, if the tokeniser's configuration says it. */
    static void addSpacePrefix(ModelFiles files, Entries entries) {
        var config = Json.object(files, "tokenizer_config.json").orElse(Map.of());
        if (config.get("add_prefix_space") instanceof Boolean prefix) {
            entries.bool("tokenizer.ggml.add_space_prefix", prefix);
        }
    }

    @Override
    public Optional<String> renamed(String tensor) {
        return AHEAD.stream().anyMatch(tensor::startsWith)
                ? Optional.empty()
                : super.renamed(tensor.replace("ernie.", "model."));
    }

    @Override
    public void parameters() {
        super.parameters();
        count("expert_count", "moe_num_experts");
        count("expert_used_count", "moe_k");
        count("interleave_moe_layer_step", "moe_layer_interval");
        count("leading_dense_block_count", "moe_layer_start_index");
        count("expert_feed_forward_length", "moe_intermediate_size");
        count("expert_shared_count", "moe_num_shared_experts");
        if (config().whole("moe_num_shared_experts", 0) > 0
                && config().set("intermediate_size")
                && config().set("num_key_value_heads")) {
            uint32("expert_shared_feed_forward_length", quotient("intermediate_size", "num_key_value_heads"));
        }
    }
}
