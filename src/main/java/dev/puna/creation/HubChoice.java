// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;

import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which files of a repository a conversion reads.
 *
 * @param repository for people
 * @param names of all files, with a slash after a folder
 */
record HubChoice(String repository, Set<String> names) {
    private static final String CONFIG = "config.json";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String WHOLE = "model.safetensors";
    /** What else a conversion looks at, and what the next one may; other JSON can have any size. */
    private static final Set<String> BESIDE = Set.of(
            INDEX,
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json",
            "merges.txt",
            "modules.json",
            "preprocessor_config.json",
            "README.md",
            "sentencepiece.bpe.model",
            "special_tokens_map.json",
            "spiece.model",
            "tokenizer.json",
            "tokenizer.model",
            "tokenizer.tiktoken",
            "tokenizer_config.json",
            "vocab.json",
            "vocab.txt");

    HubChoice {
        requireNonNull(repository, "repository is null");
        names = Set.copyOf(names);
        if (!names.contains(CONFIG) || names.stream().noneMatch(HubChoice::isWeights)) {
            throw new InvalidRequest(refusal(repository, names));
        }
    }

    private static String refusal(String repository, Set<String> names) {
        if (names.stream().anyMatch(HubChoice::isWeights)) {
            return repository
                    + " has neither GGUF nor a config.json: only models as transformers keeps them are converted";
        }
        return names.stream().anyMatch(name -> name.endsWith(".bin") || name.endsWith(".pt") || name.endsWith(".pth"))
                ? repository
                        + " has neither GGUF nor safetensors: its weights are pickles of PyTorch, which are programs"
                        + " more than files and are not read; look for a repository with safetensors or GGUF"
                : repository + " has neither GGUF nor safetensors (model*.safetensors), so there is no model to pull";
    }

    /** All but the weights, {@code config.json} first. */
    List<String> descriptions() {
        var chosen = new TreeSet<String>();
        for (var name : names) {
            if (BESIDE.contains(name)
                    || (name.startsWith("additional_chat_templates/") && name.endsWith(".jinja"))
                    || name.endsWith("/" + CONFIG)) {
                chosen.add(name);
            }
        }
        var ordered = new ArrayList<>(List.of(CONFIG));
        ordered.addAll(chosen);
        return ordered;
    }

    /**
     * The weights: those that the index names, or else the file that has all, or else all parts.
     *
     * @param descriptions which are here
     */
    List<String> weights(ModelFiles descriptions) {
        var index = Json.object(descriptions, INDEX);
        var chosen = new TreeSet<String>();
        if (index.isPresent() && index.get().get("weight_map") instanceof Map<?, ?> map) {
            map.values().forEach(file -> chosen.add(String.valueOf(file)));
        } else if (names.contains(WHOLE)) {
            chosen.add(WHOLE);
        } else {
            names.stream().filter(HubChoice::isWeights).forEach(chosen::add);
        }
        for (var file : chosen) {
            if (!names.contains(file)) {
                throw new InvalidRequest("%s lacks the file %s, which its index names".formatted(repository, file));
            }
        }
        return List.copyOf(chosen);
    }

    private static boolean isWeights(String name) {
        return name.startsWith("model") && name.endsWith(".safetensors") && name.indexOf('/') < 0;
    }
}
