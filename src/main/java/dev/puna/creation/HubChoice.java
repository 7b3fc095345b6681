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
    private static final Set<String> BESIDE = Set.of(
            "chat_template.jinja",
            "vocab.txt",
            "merges.txt",
            "spiece.model",
            "sentencepiece.bpe.model",
            "tokenizer.model",
            "tokenizer.tiktoken",
            "README.md");
    private static final Set<String> FOLDERS = Set.of("1_Pooling", "additional_chat_templates");

    HubChoice {
        requireNonNull(repository, "repository is null");
        names = Set.copyOf(names);
        if (!names.contains(CONFIG) || names.stream().noneMatch(HubChoice::isWeights)) {
            throw new InvalidRequest(refusal(repository, names));
        }
    }

    private static String refusal(String repository, Set<String> names) {
        if (names.stream().anyMatch(HubChoice::isWeights)) {
            return repository + " has neither GGUF nor a config.json: only models as transformers keeps them are converted";
        }
        return names.stream().anyMatch(name -> name.endsWith(".bin") || name.endsWith(".pt") || name.endsWith(".pth"))
                ? repository + " has neither GGUF nor safetensors: its weights are pickles of PyTorch, which are programs"
                        + " more than files and are not read; look for a repository with safetensors or GGUF"
                : repository + " has neither GGUF nor safetensors (model*.safetensors), so there is no model to pull";
    }

    /** All but the weights, {@code config.json} first. */
    List<String> descriptions() {
        var chosen = new TreeSet<String>();
        for (var name : names) {
            var slash = name.indexOf('/');
            if (slash < 0 ? name.endsWith(".json") || BESIDE.contains(name) : FOLDERS.contains(name.substring(0, slash))) {
                chosen.add(name);
            }
        }
        chosen.remove(CONFIG);
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
