// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a model rotates by position: {@code rope_parameters}, or as they were called before, {@code rope_scaling} and single keys
 * beside it. Immutable.
 */
final class Rope {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private final Config all;
    private final Architecture model;

    Rope(Config config, Architecture model) {
        this.model = model;
        var given = config.section(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        if (given.has(FULL) || given.has(SLIDING)) {
            all = given;
            return;
        }
        var values = new LinkedHashMap<String, @Nullable Object>(given.values());
        config.find(
                        "local_rope_theta",
                        "rope_local_theta",
                        "rope_theta_local",
                        "swa_rope_theta",
                        "rope_local_base_freq")
                .ifPresent(theta -> values.put(SLIDING, Map.of("rope_theta", theta)));
        config.find("global_rope_theta", "rope_global_theta", "rope_theta_global", "rope_theta", "rotary_emb_base")
                .ifPresent(theta -> values.putIfAbsent("rope_theta", theta));
        given.find("type").ifPresent(type -> values.putIfAbsent("rope_type", type));
        config.find("partial_rotary_factor", "rope_pct", "rope_percent")
                .ifPresent(factor -> values.putIfAbsent("partial_rotary_factor", factor));
        config.find("original_max_position_embeddings")
                .ifPresent(length -> values.putIfAbsent("original_max_position_embeddings", length));
        all = given.with(values);
    }

    /** Everything that is said. */
    Config all() {
        return all;
    }

    /** What holds for layers that see everything. */
    Config full() {
        return all.has(FULL) ? all.section(FULL) : all;
    }

    /** The kind of scaling in lower case, if there is one. */
    Optional<String> type() {
        return full().text("rope_type").map(type -> type.toLowerCase(Locale.ROOT));
    }

    void parameters() {
        var rope = full();
        rope.text("rope_type").ifPresent(type -> scaling(type, rope));
        if (all.has("mrope_section")) {
            var sections = all.wholes("mrope_section");
            var padded = new int[4];
            for (var index = 0; index < Math.min(padded.length, sections.length); index++) {
                padded[index] = (int) sections[index];
            }
            model.entries().int32s(model.name() + ".rope.dimension_sections", padded);
        }
        rope.optionalReal("rope_theta").ifPresent(theta -> model.float32("rope.freq_base", theta));
        all.section(SLIDING).optionalReal("rope_theta").ifPresent(theta -> model.float32("rope.freq_base_swa", theta));
    }

    private void scaling(String type, Config rope) {
        switch (type) {
            case "linear" -> {
                if (rope.set("factor")) {
                    model.text("rope.scaling.type", "linear");
                    model.float32("rope.scaling.factor", rope.real("factor"));
                }
            }
            case "yarn" -> {
                if (rope.set("factor")) {
                    yarn(rope);
                }
            }
            case "su", "longrope" -> model.text("rope.scaling.type", "longrope");
            default -> {
                // llama3 becomes a tensor; of others the converter writes nothing either.
            }
        }
    }

    private void yarn(Config rope) {
        model.text("rope.scaling.type", "yarn");
        model.float32("rope.scaling.factor", rope.real("factor"));
        model.uint32("rope.scaling.original_context_length", rope.whole("original_max_position_embeddings"));
        rope.optionalReal("extrapolation_factor")
                .ifPresent(value -> model.float32("rope.scaling.yarn_ext_factor", value));
        rope.optionalReal("attention_factor", "attn_factor")
                .ifPresent(value -> model.float32("rope.scaling.yarn_attn_factor", value));
        rope.optionalReal("beta_fast").ifPresent(value -> model.float32("rope.scaling.yarn_beta_fast", value));
        rope.optionalReal("beta_slow").ifPresent(value -> model.float32("rope.scaling.yarn_beta_slow", value));
    }

    /** The factors by which Llama 3.1 and later slow down rotations, computed in 32 bits as PyTorch does. */
    void addLlama3Factors(TensorSink sink) {
        if (type().filter("llama3"::equals).isEmpty()) {
            return;
        }
        var rope = full();
        var base = (float) rope.real("rope_theta", 10000);
        var size = model.headSize();
        var factor = rope.real("factor", 8);
        var low = rope.real("low_freq_factor", 1);
        var high = rope.real("high_freq_factor", 4);
        var context = rope.real("original_max_position_embeddings", 8192);
        var factors = new float[Math.toIntExact((size + 1) / 2)];
        for (var index = 0; index < factors.length; index++) {
            var frequency = 1 / (float) Math.pow(base, 2f * index / size);
            var wave = 1 / frequency * (float) (2 * Math.PI);
            if (wave < (float) (context / high)) {
                factors[index] = 1;
            } else if (wave > (float) (context / low)) {
                factors[index] = (float) factor;
            } else {
                var smooth = (1 / wave * (float) context - (float) low) / (float) (high - low);
                factors[index] = 1 / ((1 - smooth) / (float) factor + smooth);
            }
        }
        sink.add("rope_freqs.weight", Tensor.of(factors, factors.length));
    }
}
