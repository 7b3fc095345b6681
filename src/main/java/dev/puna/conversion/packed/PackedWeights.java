// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.packed;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tensor.ElementType;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.failure.InvalidRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model by the names that they have where nothing is packed. Which modules are packed is told by the names of their
 * tensors, so that what a configuration leaves out needs no list. <b>Threads:</b> one.
 */
public final class PackedWeights {
    private static final String SECTION = "quantization_config";
    private static final String WEIGHT = ".weight";
    private static final String CODES = ".qweight";
    private static final String COMPRESSED = ".weight_packed";

    /** Of activations and the cache, which nothing here computes with. */
    private static final List<String> OF_ACTIVATIONS = List.of(
            ".input_scale",
            ".input_scale_ub",
            ".input_zero_point",
            ".output_scale",
            ".k_scale",
            ".v_scale",
            ".qscale_act",
            ".activation_scale",
            "_activation_scale");

    private final Config settings;
    private final String method;
    /** What files have, less what was used. */
    private final Map<String, Tensor> tensors;

    /** What has no place among the others. */
    private final Map<String, Tensor> made = new LinkedHashMap<>();

    private PackedWeights(Config settings, String method, Map<String, Tensor> tensors) {
        this.settings = settings;
        this.method = method;
        this.tensors = new LinkedHashMap<>(tensors);
    }

    /**
     * Says what weights stand for; those of gpt-oss stay as they are, and whatever is not packed.
     *
     * @param config of the model
     * @param tensors of the model; in the order of the result, what is made of several comes last
     * @throws InvalidRequest which says what to do, where a method is not known or a tensor does not fit
     */
    public static Map<String, Tensor> unpacked(Config config, ModelFiles files, Map<String, Tensor> tensors) {
        var settings = config.section(config.set(SECTION) ? SECTION : "compression_config");
        var method = settings.text("quant_method").orElseGet(() -> method(settings, files));
        if (method.isEmpty() || method.equals("mxfp4")) {
            return tensors;
        }
        var weights = new PackedWeights(settings, method, tensors);
        weights.unpack();
        weights.tensors.putAll(weights.made);
        return weights.tensors;
    }

    /** By what else there is where the method is not named. */
    private static String method(Config settings, ModelFiles files) {
        if (settings.truthy("load_in_4bit") || settings.truthy("load_in_8bit")) {
            return "bitsandbytes";
        }
        if (settings.set("config_groups")) {
            return "compressed-tensors";
        }
        var producer = Json.object(files, "hf_quant_config.json")
                .map(object -> new Config("hf_quant_config.json", object)
                        .section("producer")
                        .text("name")
                        .orElse(""));
        return producer.orElse("").toLowerCase(Locale.ROOT);
    }

    private void unpack() {
        switch (method) {
            case "fp8", "fbgemm_fp8", "modelopt" -> scaled(blocks("weight_block_size"));
            case "gptq" -> codes(false);
            case "awq" -> codes(true);
            case "auto-round", "intel/auto-round" -> {
                var format = settings.text("packing_format").orElse("");
                if (!format.equals("auto_round:auto_gptq") && !format.equals("auto_round:auto_awq")) {
                    throw unknown("packing_format", format);
                }
                codes(format.endsWith("awq"));
            }
            case "compressed-tensors" -> compressed();
            case "bitnet" -> each(".weight_scale", WEIGHT, (name, scale) -> Matrices.bitnet(part(name, WEIGHT), scale));
            case "bitsandbytes" -> bitsAndBytes();
            default -> throw unknown("quant_method", method);
        }
        tensors.keySet().removeIf(name -> OF_ACTIVATIONS.stream().anyMatch(name::endsWith));
    }

    private InvalidRequest unknown(String key, String value) {
        return new InvalidRequest(
                "the weights are packed as no converter here knows it, config.json " + SECTION + ": '" + key
                        + "' is '" + value + "'; take the model in 16 bits, or packed by one of fp8, gptq, awq,"
                        + " compressed-tensors, bitsandbytes, bitnet and mxfp4");
    }

    private interface Rule {
        /** The weight of a module, by what lies there. */
        Tensor make(String module, Tensor part);
    }

    /** Replaces the tensors whose names end so; where the weight has no place among others, it goes to the end. */
    private void each(String end, String weight, Rule rule) {
        for (var name : List.copyOf(tensors.keySet())) {
            if (!name.endsWith(end)) {
                continue;
            }
            var module = name.substring(0, name.length() - end.length());
            var part = part(module, end);
            try {
                var tensor = rule.make(module, part);
                (tensors.containsKey(module + weight) ? tensors : made).put(module + weight, tensor);
            } catch (IllegalArgumentException e) {
                throw new InvalidRequest(
                        "tensor " + name + " cannot be unpacked by " + SECTION + " of config.json: " + e.getMessage());
            }
            tensors.remove(name);
        }
    }

    private Tensor part(String module, String end) {
        var tensor = tensors.get(module + end);
        if (tensor == null) {
            throw new InvalidRequest("the weights lack the tensor " + module + end + ", without which " + module
                    + " cannot be unpacked; download the model again");
        }
        return tensor;
    }

    private @Nullable Tensor taken(String module, String end) {
        return tensors.remove(module + end);
    }

    private Tensor use(String module, String end) {
        var tensor = part(module, end);
        tensors.remove(module + end);
        return tensor;
    }

    private long[] blocks(String key) {
        return settings.set(key) ? settings.wholes(key) : new long[0];
    }

    /** Numbers with scales beside them. */
    private void scaled(long... blocks) {
        if (tensors.keySet().stream().anyMatch(name -> name.endsWith(".weight_scale_2"))) {
            throw unknown("quant_algo", "NVFP4");
        }
        each("_scale_inv", "", (module, scale) -> new Scaled(part(module, ""), scale, blocks));
        each(".qscale_weight", WEIGHT, (module, scale) -> new Scaled(part(module, WEIGHT), scale, blocks));
        each(".weight_scale", WEIGHT, (module, scale) -> new Scaled(part(module, WEIGHT), scale, blocks));
    }

    private void codes(boolean awq) {
        var bits = settings.whole("bits", 4);
        var format = settings.text(awq ? "version" : "checkpoint_format").orElse(awq ? "gemm" : "gptq");
        if (awq ? bits != 4 : bits != 2 && bits != 3 && bits != 4 && bits != 8) {
            throw unknown("bits", Long.toString(bits));
        }
        if (awq ? !format.equalsIgnoreCase("gemm") : !format.equals("gptq") && !format.equals("gptq_v2")) {
            throw unknown(awq ? "version" : "checkpoint_format", format);
        }
        each(CODES, WEIGHT, (module, codes) -> {
            var zeros = use(module, ".qzeros");
            var scales = use(module, ".scales");
            var groups = taken(module, ".g_idx");
            return awq
                    ? Matrices.awq(codes, zeros, scales)
                    : Matrices.gptq(codes, zeros, scales, groups, (int) bits, format.equals("gptq") ? 1 : 0);
        });
    }

    private void compressed() {
        var format = settings.text("format").orElse("");
        var groups = settings.section("config_groups");
        if (groups.values().size() != 1) {
            throw unknown("config_groups", groups.values().size() + " groups");
        }
        var weights = groups.section(groups.values().keySet().iterator().next()).section("weights");
        switch (format) {
            case "float-quantized", "int-quantized", "naive-quantized" -> {
                var key = "block_structure";
                scaled(
                        weights.set(key)
                                ? weights.wholes(key)
                                : weights.set("group_size")
                                        ? new long[] {1, weights.whole("group_size")}
                                        : new long[0]);
            }
            case "pack-quantized" -> {
                var bits = weights.whole("num_bits");
                if (bits < 2 || bits > 8 || !weights.text("type").orElse("int").equals("int")) {
                    throw unknown(
                            "num_bits", bits + " of " + weights.text("type").orElse("int"));
                }
                var length = weights.whole("group_size", 0);
                each(
                        COMPRESSED,
                        WEIGHT,
                        (module, codes) -> Matrices.compressed(
                                codes,
                                use(module, ".weight_scale"),
                                use(module, ".weight_shape"),
                                taken(module, ".weight_zero_point"),
                                taken(module, ".weight_g_idx"),
                                (int) bits,
                                length));
            }
            default -> throw unknown("format", format);
        }
    }

    private void bitsAndBytes() {
        for (var name : List.copyOf(tensors.keySet())) {
            var at = name.indexOf(BitsAndBytes.STATE);
            if (at >= 0) {
                each(name.substring(at), "", (weight, state) -> {
                    var parts = new LinkedHashMap<String, Tensor>();
                    for (var end : List.of(".absmax", ".quant_map", ".nested_absmax", ".nested_quant_map")) {
                        var part = taken(weight, end);
                        if (part != null) {
                            parts.put(end, part);
                        }
                    }
                    return BitsAndBytes.fourBits(weight, part(weight, ""), parts, state);
                });
            }
        }
        each(".SCB", WEIGHT, (module, largest) -> {
            var order = taken(module, ".weight_format");
            var codes = part(module, WEIGHT);
            if (codes.type() != ElementType.I8 || (order != null && order.floats()[0] != 0)) {
                throw new IllegalArgumentException("its bytes do not lie row by row");
            }
            return BitsAndBytes.rows(codes, largest);
        });
    }
}
