// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import dev.puna.failure.StoreFailure;
import java.util.Optional;
import java.util.Set;

/**
 * The prompt formats that Ollama knows by name, so that its models need no template for them. Here the Jinja template inside the
 * weights takes their place: llama.cpp knows from it how the answer is to be read, too. Source: contract 8.8.
 */
public final class BuiltInFormats {
    private static final Set<String> RENDERERS = Set.of(
            "qwen3-coder",
            "qwen3-vl-instruct",
            "qwen3-vl-thinking",
            "qwen3.5",
            "qwen3.8",
            "ornith",
            "cogito",
            "deepseek3.1",
            "olmo3",
            "olmo3.1",
            "olmo3-think",
            "olmo3-32b-think",
            "nemotron-3-nano",
            "nemotron-3.5-nano",
            "gemma4",
            "gemma4-small",
            "gemma4-large",
            "functiongemma",
            "glm-4.7",
            "glm-ocr",
            "lfm2",
            "lfm2-thinking",
            "laguna",
            "poolside-v1",
            "cohere",
            "glimmer",
            "harmony");

    private BuiltInFormats() {}

    /** Whether Ollama would not go by the model's Go template alone. */
    public static boolean isNamedBy(ModelConfig config, Optional<String> goTemplate) {
        return config.renderer().isPresent() || config.parser().isPresent() || isHarmony(config, goTemplate);
    }

    /** Whether Ollama speaks to the model in the harmony format, by its family and by the marks in its Go template. */
    public static boolean isHarmony(ModelConfig config, Optional<String> goTemplate) {
        return config.isGptOss()
                && goTemplate.isPresent()
                && goTemplate.get().contains("<|start|>")
                && goTemplate.get().contains("<|end|>");
    }

    /** Whether Ollama has a renderer of that name. */
    public static boolean isRenderer(String name) {
        return RENDERERS.contains(name);
    }

    /**
     * Refuses to make prompts for a model whose format is not known.
     *
     * @throws StoreFailure with Ollama's text
     */
    public static void requireKnownRenderer(ModelConfig config) {
        config.renderer().filter(name -> !RENDERERS.contains(name)).ifPresent(name -> {
            throw new StoreFailure("unknown renderer \"%s\"".formatted(name));
        });
    }
}
