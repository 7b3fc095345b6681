// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.ModelConfig;
import dev.puna.model.ModelFacts;
import dev.puna.model.ParameterSize;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A configuration while it is put together. <b>Threads:</b> one. */
final class ConfigDraft {
    private String modelFormat = "";
    private String modelFamily = "";
    private final LinkedHashSet<String> modelFamilies = new LinkedHashSet<>();
    private String modelType = "";
    private String fileType = "";
    private Optional<String> renderer = Optional.empty();
    private Optional<String> parser = Optional.empty();
    private Optional<String> requires = Optional.empty();
    private List<String> capabilities = List.of();
    private OptionalLong contextLength = OptionalLong.empty();
    private OptionalLong embeddingLength = OptionalLong.empty();
    private Optional<String> baseName = Optional.empty();
    private Map<String, Object> draft = Map.of();
    private long parameterCount;

    /** Takes over what a parent says. */
    void inherit(ModelConfig parent) {
        modelFormat = parent.modelFormat();
        modelFamily = parent.modelFamily();
        modelFamilies.addAll(parent.modelFamilies());
        modelType = parent.modelType();
        fileType = parent.fileType();
        renderer = parent.renderer();
        parser = parent.parser();
        requires = parent.requires();
        capabilities = parent.capabilities();
        contextLength = parent.contextLength();
        embeddingLength = parent.embeddingLength();
        baseName = parent.baseName();
        draft = parent.draft();
    }

    /** Takes in what a GGUF file says: the first one names the model, every one its family. */
    void add(ModelFacts facts) {
        if (facts.kind() == ModelFacts.Kind.MODEL) {
            parameterCount += facts.parameterCount();
            modelType = ParameterSize.text(parameterCount);
        }
        if (modelFormat.isEmpty()) {
            modelFormat = "gguf";
            modelFamily = facts.architecture();
            fileType = facts.fileType();
        }
        if (!facts.architecture().isEmpty()) {
            modelFamilies.add(facts.architecture());
        }
    }

    /** The weights are of another type now. */
    void fileType(String name) {
        fileType = name;
    }

    void renderer(String name) {
        renderer = Optional.of(name);
    }

    void parser(String name) {
        parser = Optional.of(name);
    }

    void requires(String version) {
        requires = Optional.of(version);
    }

    /** Overrides by the {@code info} of a create request. Source: contract 3.2, step 4. */
    void override(Map<String, ?> info) {
        text(info, "model_family").ifPresent(value -> {
            modelFamily = value;
            modelFamilies.clear();
            modelFamilies.add(value);
        });
        baseName = text(info, "base_name").or(() -> baseName);
        fileType = text(info, "quantization_level").orElse(fileType);
        modelType = text(info, "parameter_size").orElse(modelType);
        contextLength = number(info, "context_length", contextLength);
        embeddingLength = number(info, "embedding_length", embeddingLength);
        capabilities = texts(info, "capabilities").orElse(capabilities);
    }

    ModelConfig toConfig() {
        return new ModelConfig(
                modelFormat,
                modelFamily,
                List.copyOf(modelFamilies),
                modelType,
                fileType,
                renderer,
                parser,
                requires,
                Optional.empty(),
                Optional.empty(),
                capabilities,
                contextLength,
                embeddingLength,
                baseName,
                draft,
                "amd64",
                "linux");
    }

    private static Optional<String> text(Map<String, ?> info, String key) {
        return switch (info.get(key)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            default -> throw wrongType(key, "a string");
        };
    }

    private static OptionalLong number(Map<String, ?> info, String key, OptionalLong otherwise) {
        return switch (info.get(key)) {
            case null -> otherwise;
            case Number number when isCount(number) -> OptionalLong.of(number.longValue());
            case Number _ -> throw wrongType(key, "a non-negative integer");
            default -> throw wrongType(key, "a number");
        };
    }

    private static boolean isCount(Number number) {
        var value = number.doubleValue();
        return value >= 0 && value <= Integer.MAX_VALUE && Math.rint(value) == value;
    }

    private static Optional<List<String>> texts(Map<String, ?> info, String key) {
        return switch (info.get(key)) {
            case null -> Optional.empty();
            case List<?> list -> {
                var texts = new ArrayList<String>();
                for (var element : list) {
                    if (!(element instanceof String text)) {
                        throw wrongType(key, "an array of strings");
                    }
                    texts.add(text);
                }
                yield Optional.of(texts);
            }
            default -> throw wrongType(key, "an array of strings");
        };
    }

    private static InvalidRequest wrongType(String key, String expected) {
        return new InvalidRequest("info field \"%s\" must be %s".formatted(key, expected));
    }
}
