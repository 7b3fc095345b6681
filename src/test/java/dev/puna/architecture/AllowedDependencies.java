// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The package table of {@code src/docs/architecture.md}: who may use whom. Whatever is not named here is forbidden. */
final class AllowedDependencies {
    private static final Map<String, List<String>> TABLE = table();

    /** Rows whose sub-packages have rows of their own: they own just themselves. Every other row owns all below it. */
    private static final Set<String> WITHOUT_SUB_PACKAGES = Set.of(
            "puna",
            "conversion",
            "llama",
            "engine",
            "api.ollama",
            "api.anthropic",
            "api.openai",
            "api.openai.responses");

    private AllowedDependencies() {}

    static ArchRule asRule() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (var name : TABLE.keySet()) {
            layers = layers.layer(name).definedBy(packageOf(name));
        }
        for (var row : TABLE.entrySet()) {
            var layer = layers.whereLayer(row.getKey());
            layers = row.getValue().isEmpty()
                    ? layer.mayNotAccessAnyLayer()
                    : layer.mayOnlyAccessLayers(row.getValue().toArray(String[]::new));
        }
        return layers;
    }

    /** What each package may use, by its name below {@code dev.puna}. */
    static Map<String, List<String>> byPackage() {
        return TABLE;
    }

    /** The row that a class belongs to: the one with the longest name of those that it is below. */
    static Optional<String> rowOf(JavaClass type) {
        var name = type.getPackageName();
        return TABLE.keySet().stream()
                .filter(row -> !row.equals("puna") && (name + ".").startsWith("dev.puna." + row + "."))
                .max(Comparator.comparingInt(String::length))
                .or(() -> name.equals("dev.puna") ? Optional.of("puna") : Optional.empty());
    }

    static String[] packages() {
        return TABLE.keySet().stream().map(AllowedDependencies::packageOf).toArray(String[]::new);
    }

    private static String packageOf(String name) {
        var itself = name.equals("puna") ? "dev.puna" : "dev.puna." + name;
        return WITHOUT_SUB_PACKAGES.contains(name) ? itself : itself + "..";
    }

    private static Map<String, List<String>> table() {
        var table = new LinkedHashMap<String, List<String>>();
        table.put("failure", List.of());
        table.put("go", List.of("failure"));
        table.put("hashing", List.of());
        table.put("model", List.of("hashing", "failure"));
        table.put("chat", List.of());
        table.put("device", List.of());
        table.put("gguf", List.of("model", "failure"));
        table.put("modelfile", List.of("model", "failure"));
        table.put("settings", List.of("go", "model", "failure"));
        table.put("caller", List.of());
        table.put("connection", List.of());
        table.put("systemd", List.of());
        table.put("memory", List.of());
        table.put("library", List.of());
        table.put("process", List.of("library", "failure"));
        table.put("sandbox", List.of("process", "failure"));
        table.put("conversion.source", List.of("gguf", "failure"));
        table.put("conversion.tensor", List.of());
        table.put("conversion.safetensors", List.of("conversion.source", "conversion.tensor", "failure"));
        table.put("conversion.packed", List.of("conversion.source", "conversion.tensor", "failure"));
        table.put(
                "conversion.architecture",
                List.of("conversion.source", "conversion.tensor", "conversion.tokenizer", "gguf", "failure"));
        table.put(
                "conversion",
                List.of(
                        "conversion.architecture",
                        "conversion.packed",
                        "conversion.safetensors",
                        "conversion.source",
                        "conversion.tensor",
                        "conversion.tokenizer",
                        "gguf",
                        "model",
                        "failure"));
        table.put("conversion.tokenizer", List.of("conversion.source", "gguf", "failure"));
        table.put("template", List.of("go", "chat", "model", "failure"));
        table.put("parsing", List.of("chat"));
        table.put("tokenization", List.of());
        table.put("store", List.of("go", "model", "failure"));
        table.put("archive", List.of("store", "go", "model", "failure"));
        table.put("folder", List.of("store", "gguf", "model", "failure"));
        table.put("llama.binding", List.of("library", "tokenization", "failure"));
        table.put("schema", List.of("failure"));
        table.put("llama.guard", List.of("failure"));
        table.put("llama.settings", List.of("llama.binding", "llama.guard", "device", "failure"));
        table.put(
                "llama",
                List.of(
                        "llama.binding",
                        "llama.guard",
                        "llama.settings",
                        "tokenization",
                        "parsing",
                        "schema",
                        "device",
                        "failure"));
        table.put("engine.token", List.of("model"));
        table.put("engine.media", List.of("engine.token", "chat"));
        table.put(
                "engine.prompt",
                List.of(
                        "engine",
                        "engine.media",
                        "engine.token",
                        "tokenization",
                        "template",
                        "parsing",
                        "chat",
                        "model",
                        "failure"));
        table.put("engine.response", List.of("engine", "engine.prompt", "parsing", "chat", "failure"));
        table.put("engine.prefix", List.of("engine.token", "model"));
        table.put("engine.speculation", List.of("engine.token"));
        table.put("engine.checkpoint", List.of("engine.token", "llama"));
        table.put(
                "engine.local",
                List.of(
                        "engine",
                        "engine.checkpoint",
                        "engine.media",
                        "engine.prefix",
                        "engine.prompt",
                        "engine.response",
                        "engine.speculation",
                        "engine.stream",
                        "engine.token",
                        "llama",
                        "llama.settings",
                        "tokenization",
                        "device",
                        "memory",
                        "chat",
                        "model",
                        "failure"));
        table.put("engine", List.of("device", "chat", "model", "failure"));
        table.put("engine.stream", List.of("engine", "failure"));
        table.put("engine.runner", List.of("engine", "engine.wire", "failure"));
        table.put(
                "engine.remote",
                List.of(
                        "engine",
                        "engine.prefix",
                        "engine.stream",
                        "engine.wire",
                        "process",
                        "sandbox",
                        "memory",
                        "device",
                        "model",
                        "failure"));
        table.put("engine.wire", List.of("engine", "device", "chat", "model", "failure"));
        table.put(
                "scheduling",
                List.of("engine", "device", "store", "gguf", "caller", "go", "model", "settings", "failure"));
        table.put(
                "inference",
                List.of(
                        "scheduling",
                        "engine",
                        "store",
                        "modelfile",
                        "template",
                        "gguf",
                        "caller",
                        "chat",
                        "go",
                        "model",
                        "settings",
                        "failure"));
        table.put("network", List.of("failure"));
        table.put("registry", List.of("store", "model", "failure"));
        table.put(
                "creation",
                List.of(
                        "conversion",
                        "conversion.source",
                        "registry",
                        "engine",
                        "store",
                        "template",
                        "gguf",
                        "model",
                        "failure"));
        table.put("api.json", List.of("go", "failure"));
        table.put("api.http", List.of("api.json", "connection", "caller", "settings", "failure"));
        table.put("api.request", List.of("inference", "engine", "chat", "go", "model", "api.json", "failure"));
        table.put("api.agent", List.of("inference", "chat", "settings"));
        table.put("api.answer", List.of("inference", "engine", "api.http", "failure"));
        table.put("api.ollama.wire", List.of());
        table.put("api.ollama.status", List.of("creation", "registry", "model", "api.ollama.wire"));
        table.put(
                "api.ollama.request",
                List.of(
                        "inference",
                        "creation",
                        "engine",
                        "modelfile",
                        "chat",
                        "go",
                        "model",
                        "api.json",
                        "api.request",
                        "failure"));
        table.put(
                "api.ollama",
                List.of(
                        "inference",
                        "creation",
                        "registry",
                        "scheduling",
                        "engine",
                        "engine.prefix",
                        "store",
                        "modelfile",
                        "gguf",
                        "chat",
                        "go",
                        "model",
                        "api.json",
                        "api.http",
                        "api.ollama.request",
                        "api.ollama.status",
                        "api.ollama.wire",
                        "failure"));
        table.put("api.anthropic.wire", List.of());
        table.put(
                "api.anthropic.request",
                List.of("inference", "engine", "chat", "go", "api.json", "api.request", "failure"));
        table.put(
                "api.anthropic",
                List.of(
                        "inference",
                        "engine",
                        "chat",
                        "api.agent",
                        "api.answer",
                        "api.json",
                        "api.http",
                        "api.anthropic.request",
                        "api.anthropic.wire"));
        table.put("api.openai.wire", List.of());
        table.put(
                "api.openai.request",
                List.of("inference", "engine", "chat", "go", "model", "api.json", "api.request", "failure"));
        table.put(
                "api.openai",
                List.of(
                        "inference",
                        "engine",
                        "store",
                        "chat",
                        "model",
                        "api.answer",
                        "api.json",
                        "api.http",
                        "api.openai.request",
                        "api.openai.wire",
                        "failure"));
        table.put("api.openai.responses.wire", List.of());
        table.put(
                "api.openai.responses.request",
                List.of(
                        "inference",
                        "engine",
                        "chat",
                        "go",
                        "api.json",
                        "api.request",
                        "api.openai.request",
                        "failure"));
        table.put(
                "api.openai.responses",
                List.of(
                        "inference",
                        "engine",
                        "chat",
                        "api.agent",
                        "api.answer",
                        "api.json",
                        "api.http",
                        "api.openai",
                        "api.openai.responses.request",
                        "api.openai.responses.wire",
                        "api.openai.wire",
                        "failure"));
        table.put("health", List.of("scheduling", "settings"));
        table.put(
                "cli",
                List.of(
                        "archive",
                        "conversion",
                        "conversion.source",
                        "gguf",
                        "store",
                        "go",
                        "modelfile",
                        "model",
                        "network",
                        "settings",
                        "failure"));
        table.put(
                "server",
                List.of(
                        "connection",
                        "folder",
                        "creation",
                        "registry",
                        "network",
                        "inference",
                        "scheduling",
                        "engine",
                        "engine.local",
                        "engine.prefix",
                        "engine.remote",
                        "engine.runner",
                        "process",
                        "sandbox",
                        "device",
                        "store",
                        "llama",
                        "memory",
                        "systemd",
                        "settings",
                        "model",
                        "failure"));

        table.put("puna", List.of("cli", "server"));
        return table;
    }
}
