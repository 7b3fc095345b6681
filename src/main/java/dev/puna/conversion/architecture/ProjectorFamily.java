// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.gguf.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What turns pictures into vectors for a text model, in a file of its own: Pixtral and Mistral 3, Qwen 2 VL and 2.5 VL, Gemma 3,
 * SmolVLM and Idefics 3.
 */
public final class ProjectorFamily extends Architecture {
    private static final String VISION = "vision_config";
    /** The classes of models with pictures, and what llama.cpp calls their projectors. */
    private static final Map<String, String> TYPES = Map.of(
            "LlavaForConditionalGeneration", "pixtral",
            "Mistral3ForConditionalGeneration", "pixtral",
            "Qwen2VLModel", "qwen2vl_merger",
            "Qwen2VLForConditionalGeneration", "qwen2vl_merger",
            "Qwen2_5_VLForConditionalGeneration", "qwen2.5vl_merger",
            "Gemma3ForConditionalGeneration", "gemma3",
            "Idefics3ForConditionalGeneration", "idefics3",
            "SmolVLMForConditionalGeneration", "idefics3");

    private static final List<String> PIXTRAL = List.of(
            "multi_modal_projector.",
            "vision_tower.",
            "vision_encoder.",
            "vision_language_adapter.",
            "patch_merger.",
            "pre_mm_projector_norm");
    private static final List<String> GEMMA =
            List.of("multi_modal_projector.", "vision_tower.", "multimodal_projector.", "vision_model.");
    private static final List<String> IDEFICS = List.of("vision_tower", "vision_model", "model.connector");
    /** Layers behind each other, with their numbers. */
    private static final String LINEAR = "multi_modal_projector.linear_";

    private static final String PATCHES = "v.patch_embd.weight";
    private static final long SEQUENCE = 256;
    private static final long USUAL_SCALE = 4;

    private final String type;
    private final Config whole;
    private final Config pictures;

    private ProjectorFamily(Source source, String type, Config whole) {
        super(source);
        this.type = type;
        this.whole = whole;
        this.pictures = pictures(source.files());
    }

    /** The projector of a model by its config.json, if it has one that can be converted; adds its name to the entries at once. */
    public static Optional<Architecture> of(ModelFiles files, Entries entries) {
        var config = TransformersConfig.read(files);
        var names = config.find("architectures").orElse(List.of());
        var name = names instanceof List<?> list && !list.isEmpty() ? String.valueOf(list.getFirst()) : "";
        var type = TYPES.get(name);
        if (type == null || !config.set(VISION)) {
            return Optional.empty();
        }
        var vision = config.section(VISION);
        var model = vision.text("model_type").orElse("");
        if (type.equals("pixtral") && !model.equals("pixtral")) {
            return Optional.empty();
        }
        entries.text("general.architecture", "clip");
        var source = new Source("clip", name, files, vision(vision, type, model), entries, Set.of());
        return Optional.of(new ProjectorFamily(source, type, config));
    }

    /** Its parameters by their usual names, with what the library fills in. */
    private static Config vision(Config vision, String type, String model) {
        var values = new HashMap<String, @Nullable Object>();
        if (type.startsWith("qwen")) {
            values.put("image_size", vision.find("image_size").orElse(560L));
            values.put("num_attention_heads", vision.whole("num_heads"));
            values.put("num_hidden_layers", vision.whole("depth"));
            if (vision.has("embed_dim")) {
                values.put("intermediate_size", vision.whole("hidden_size"));
                values.put("hidden_size", vision.whole("embed_dim"));
            }
            return vision.with(values);
        }
        return TransformersConfig.withDefaults(vision, type.equals("gemma3") ? "siglip_vision_model" : model);
    }

    /** How pictures are prepared: of two files the later one counts, and in each what is said of pictures alone. */
    private static Config pictures(ModelFiles files) {
        var name = "preprocessor_config.json";
        var config = new Config(name, Map.of());
        for (var file : List.of(name, "processor_config.json")) {
            var one = new Config(file, Json.object(files, file).orElse(Map.of()));
            config = config.with(one.values())
                    .with(one.section("media_proc_cfg").values())
                    .with(one.section("image_processor").values());
        }
        return config;
    }

    @Override
    public Optional<String> renamed(String tensor) {
        if (tensor.contains("language_model.")) {
            return Optional.empty();
        }
        return switch (type) {
            case "gemma3" ->
                !tensor.contains("vision_model.head.") && begins(tensor, GEMMA)
                        ? Optional.of(tensor.replace("_weight", ".weight"))
                        : Optional.empty();
            case "idefics3" -> IDEFICS.stream().anyMatch(tensor::contains) ? Optional.of(tensor) : Optional.empty();
            case "pixtral" -> begins(tensor, PIXTRAL) ? Optional.of(tensor) : Optional.empty();
            default -> begins(tensor, List.of("visual.")) ? Optional.of(tensor) : Optional.empty();
        };
    }

    @Override
    public void tensor(String tensor, Tensor data, int block, TensorSink sink) {
        if (type.equals("pixtral") && (tensor.contains("q_proj.") || tensor.contains("k_proj."))) {
            super.tensor(
                    tensor, LlamaFamily.permuted(tensor, data, config().whole("num_attention_heads")), block, sink);
        } else if (tensor.startsWith(LINEAR)) {
            sink.add("mm." + tensor.substring(LINEAR.length()), data);
        } else if (tensor.contains("soft_emb_norm.weight")) {
            super.tensor(tensor, data.map(value -> value + 1), block, sink);
        } else if (type.startsWith("qwen") && tensor.contains(".qkv.")) {
            var rows = data.size(0) / 3;
            var part = 0;
            for (var name : List.of("q", "k", "v")) {
                super.tensor(tensor.replace("qkv", name), data.slice(0, part * rows, (part + 1) * rows), block, sink);
                part++;
            }
        } else if (type.startsWith("qwen") && tensor.contains("patch_embed.proj.weight")) {
            if (data.size(2) != 2) {
                throw config().wrong("2, since llama.cpp computes only that", "temporal_patch_size");
            }
            sink.add(PATCHES, data.at(2, 0));
            sink.add(PATCHES + ".1", data.at(2, 1));
        } else {
            super.tensor(tensor, data, block, sink);
        }
    }

    @Override
    public boolean full(String tensor, int dimensions) {
        if (dimensions <= 1 || tensor.endsWith("_norm.weight")) {
            return true;
        }
        return fixedType(tensor).isEmpty() && (tensor.startsWith("v.position_embd") || !tensor.endsWith(".weight"));
    }

    @Override
    public Optional<TensorType> fixedType(String tensor) {
        if (tensor.contains("input_projection")) {
            return Optional.of(TensorType.F16);
        }
        var patches = tensor.contains(".patch_embd.weight") || tensor.contains(".patch_merger.weight");
        if (!patches) {
            return Optional.empty();
        }
        var whole32 = type.equals("gemma3") || type.equals("idefics3") || !isHalf();
        return Optional.of(whole32 ? TensorType.F32 : TensorType.F16);
    }

    @Override
    public void parameters() {
        fileType();
        entries().bool("clip.has_vision_encoder", true);
        var text = TransformersConfig.text(whole);
        vision("projection_dim", text.whole("hidden_size", "n_embd"));
        vision("image_size", config().whole("image_size"));
        vision("patch_size", config().whole("patch_size"));
        vision("embedding_length", config().whole("hidden_size", "width"));
        vision("feed_forward_length", config().whole("intermediate_size"));
        vision("block_count", blocks());
        vision("attention.head_count", config().whole("num_attention_heads", "num_heads", "heads"));
        for (var key : List.of("image_mean", "image_std")) {
            var values = pictures.reals(key);
            var floats = new float[values.length];
            for (var at = 0; at < values.length; at++) {
                floats[at] = (float) values[at];
            }
            entries().float32s("clip.vision." + key, floats);
        }
        entries().text("clip.projector_type", type);
        switch (type) {
            case "gemma3" -> gemma();
            case "idefics3" -> idefics();
            case "pixtral" -> pixtral();
            default -> qwen();
        }
    }

    private void gemma() {
        epsilon(config().real("layer_norm_eps", 1e-6));
        entries().bool("clip.use_gelu", true);
        var side = (long) Math.sqrt((double) pictures.whole("image_seq_length", SEQUENCE));
        var scale = side == 0 ? 0 : config().whole("image_size") / config().whole("patch_size") / side;
        if (scale > 0 && scale != USUAL_SCALE) {
            vision("projector.scale_factor", scale);
        }
    }

    private void idefics() {
        epsilon(config().real("layer_norm_eps", 1e-5));
        vision("projector.scale_factor", whole.whole("scale_factor", 2));
        entries().bool("clip.use_gelu", true);
        vision("preproc_image_size", pictures.section("size").whole("longest_edge", config().whole("image_size")));
    }

    private void pixtral() {
        epsilon(config().real("layer_norm_eps", 1e-5));
        switch (config().text("hidden_act").orElse("")) {
            case "silu" -> entries().bool("clip.use_silu", true);
            case "gelu" -> entries().bool("clip.use_gelu", true);
            default -> throw config().wrong("silu or gelu", "hidden_act");
        }
        if (whole.has("spatial_merge_size")) {
            vision("spatial_merge_size", whole.whole("spatial_merge_size"));
        }
    }

    private void qwen() {
        if (type.equals("qwen2.5vl_merger")) {
            entries().bool("clip.use_silu", true);
            var full = config().wholes("fullatt_block_indexes");
            var every = full.length == 0 ? 0 : full[0] + 1;
            for (var at = 1; at < full.length; at++) {
                if (full[at] - full[at - 1] != every) {
                    throw config().wrong("numbers at the same distance", "fullatt_block_indexes");
                }
            }
            vision("n_wa_pattern", every);
        }
        epsilon(whole.real("rms_norm_eps", 1e-6));
    }

    private void epsilon(double value) {
        entries().float32("clip.vision.attention.layer_norm_epsilon", value);
    }

    private void vision(String key, long value) {
        entries().uint32("clip.vision." + key, value);
    }

    private static boolean begins(String tensor, List<String> prefixes) {
        return prefixes.stream().anyMatch(tensor::startsWith);
    }
}
