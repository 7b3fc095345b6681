// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The config.json of a model with what Hugging Face's transformers fill in where it is silent, since llama.cpp's converter reads it
 * through them. The defaults are in the resource {@code config-defaults.json}; one that begins with {@code @} is another key's
 * value, or a quotient of two.
 */
final class TransformersConfig {
    private static final String FILE = "config.json";
    private static final String DEFAULTS = "/conversion/config-defaults.json";
    private static final String TEXT = "text_config";

    /** What sections of text models are called elsewhere. */
    private static final List<String> OTHER_NAMES = List.of("llm_config", "lm_config", "language_config");

    /** What the converter reads without transformers. */
    private static final Set<String> PLAIN = Set.of("mamba", "mamba2", "falcon_mamba");

    private final Config defaults;

    private TransformersConfig(Config defaults) {
        this.defaults = defaults;
    }

    /** The whole file, in it the section {@code text_config} if there is one, each with its defaults. */
    static Config read(ModelFiles files) {
        var config = Config.read(files, FILE);
        for (var name : OTHER_NAMES) {
            if (config.set(name)) {
                config = config.with(Map.of(TEXT, config.section(name).values()));
            }
        }
        var table = table();
        var type = config.text("model_type").orElse("");
        if (config.set(TEXT)) {
            var text = config.section(TEXT);
            var filled = table.filled(text, text.text("model_type").orElse(textType(type)));
            config = config.with(Map.of(TEXT, filled.values()));
        } else {
            type = textType(type); // flat ones as they were written earlier
        }
        return table.filled(config, type);
    }

    /** A section of the file with the defaults of this type. */
    static Config withDefaults(Config section, String type) {
        return table().filled(section, type);
    }

    private static TransformersConfig table() {
        return new TransformersConfig(new Config(DEFAULTS, Json.object(DEFAULTS, bytes())));
    }

    /** The parameters of the text model alone. */
    static Config text(Config config) {
        return config.set(TEXT) ? config.with(config.section(TEXT).values()) : config;
    }

    /** The name of the class that computes the model, by which the converter chooses. */
    static String architecture(Config config) {
        var section = config.section(TEXT);
        var from = section.set("architectures") ? section : config;
        if (!from.set("architectures") && config.set("ssm_cfg")) {
            return config.section("ssm_cfg").text("layer").orElse("Mamba") + "ForCausalLM";
        }
        if (from.find("architectures").orElse(List.of()) instanceof List<?> list
                && !list.isEmpty()
                && list.getFirst() instanceof String name) {
            return name;
        }
        throw new InvalidRequest(FILE + " lacks the list 'architectures': what model it is cannot be told");
    }

    private Config filled(Config config, String type) {
        if (PLAIN.contains(type) || !defaults.set(type)) {
            return config;
        }
        var values = new LinkedHashMap<String, @Nullable Object>(config.values());
        var missing = new LinkedHashMap<>(defaults.section(type).values());
        missing.put("max_length", 20L);
        missing.forEach((key, value) -> {
            var computed = value instanceof String text && text.startsWith("@");
            if (!values.containsKey(key) || (computed && values.get(key) == null)) {
                values.put(key, value);
            }
        });
        values.replaceAll((_, value) ->
                value instanceof String text && text.startsWith("@") ? computed(values, text.substring(1)) : value);
        return config.with(values);
    }

    private static @Nullable Object computed(Map<String, @Nullable Object> values, String rule) {
        var slash = rule.indexOf('/');
        if (slash < 0) {
            return values.get(rule);
        }
        return values.get(rule.substring(0, slash)) instanceof Long number
                        && values.get(rule.substring(slash + 1)) instanceof Long divisor
                        && divisor != 0
                ? number / divisor
                : null;
    }

    private static String textType(String type) {
        return switch (type) {
            case "gemma3", "llama4", "qwen2_vl", "qwen2_5_vl", "qwen3_vl", "qwen3_vl_moe" -> type + "_text";
            case "mistral3" -> "mistral";
            case "llava", "vipllava" -> "llama";
            default -> type;
        };
    }

    private static byte[] bytes() {
        try (var in = TransformersConfig.class.getResourceAsStream(DEFAULTS)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + DEFAULTS);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(DEFAULTS, e);
        }
    }
}
