// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HunYuan without experts: long contexts by a larger base of rotations. */
final class HunYuanFamily extends Architecture {
    private static final long CONTEXT = 256 << 10;

    HunYuanFamily(Source source) {
        super(source);
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (!tensor.equals("lm_head.weight") || !config().bool("tie_word_embeddings", false)) {
            super.tensor(tensor, data, block, sink);
        }
    }

    @Override
    public void parameters() {
        var without = new HashMap<String, @Nullable Object>();
        without.put("num_experts", null); // some claim to have one
        config(config().with(without));
        super.parameters();
        var type = rope().all().text("rope_type").orElse("");
        if (!type.equals("dynamic") && !type.equals("xdrope")) {
            return;
        }
        var head = (double) config().whole("head_dim");
        var alpha = rope().all().real("alpha", 50);
        float32("rope.freq_base", rope().all().real("rope_theta", 10000) * Math.pow(alpha, head / (head - 2)));
        text("rope.scaling.type", "none");
        float32("rope.scaling.factor", 1);
        if (type.equals("dynamic")) {
            uint32("rope.scaling.original_context_length", CONTEXT);
            uint32("context_length", CONTEXT);
        }
    }

    @Override
    public void afterTokenizer() {
        config().optionalWhole("eod_token_id").ifPresent(end -> entries().uint32("tokenizer.ggml.eos_token_id", end));
        var generation = new Config(
                "generation_config.json",
                Json.object(files(), "generation_config.json").orElse(Map.of()));
        if (generation.find("eos_token_id").orElse(0L) instanceof List<?> ends && ends.size() >= 2) {
            entries().uint32("tokenizer.ggml.eot_token_id", generation.wholes("eos_token_id")[0]);
        }
    }
}
