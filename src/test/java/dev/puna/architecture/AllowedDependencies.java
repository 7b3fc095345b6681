// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The package table of {@code src/docs/architecture.md}: who may use whom. Whatever is not named here is forbidden. */
final class AllowedDependencies {
    private static final List<String> BEHIND_THE_API = List.of(
            "scheduling",
            "engine",
            "registry",
            "store",
            "modelfile",
            "template",
            "gguf",
            "chat",
            "model",
            "settings",
            "api.json",
            "api.http",
            "failure");

    /** What the wiring of the server may name: it makes the parts and hands them to each other. */
    private static final List<String> EVERYTHING_BUT_THE_COMMAND_LINE = Stream.concat(
                    BEHIND_THE_API.stream(),
                    Stream.of(
                            "llama",
                            "schema",
                            "parsing",
                            "health",
                            "systemd",
                            "memory",
                            "api.ollama",
                            "api.openai",
                            "api.anthropic"))
            .toList();

    private static final Map<String, List<String>> TABLE = table();

    /** Rows whose sub-packages have rows of their own: they own just themselves. Every other row owns all below it. */
    private static final Set<String> WITHOUT_SUB_PACKAGES = Set.of("puna", "llama", "api.ollama");

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
        table.put("number", List.of());
        table.put("model", List.of("failure"));
        table.put("chat", List.of("failure"));
        table.put("gguf", List.of("model", "failure"));
        table.put("modelfile", List.of("model", "failure"));
        table.put("settings", List.of("model", "failure"));
        table.put("systemd", List.of("failure"));
        table.put("memory", List.of("failure"));
        table.put("template", List.of("number", "chat", "model", "failure"));
        table.put("parsing", List.of("chat", "failure"));
        table.put("store", List.of("model", "failure"));
        table.put("registry", List.of("store", "model", "failure"));
        table.put("llama.binding", List.of("failure"));
        table.put("schema", List.of("failure"));
        table.put("llama", List.of("llama.binding", "schema", "failure"));
        table.put("engine", List.of("llama", "memory", "template", "parsing", "chat", "model", "failure"));
        table.put("scheduling", List.of("engine", "llama", "store", "gguf", "model", "settings", "failure"));
        table.put("api.json", List.of("number", "failure"));
        table.put("api.http", List.of("api.json", "settings", "failure"));
        table.put("api.ollama.wire", List.of("api.json", "failure"));
        table.put("api.ollama", joined(BEHIND_THE_API, "api.ollama.wire"));
        table.put("api.openai", BEHIND_THE_API);
        table.put("api.anthropic", BEHIND_THE_API);
        table.put("health", List.of("scheduling", "store", "settings", "failure"));
        table.put("cli", List.of("number", "api.ollama.wire", "modelfile", "model", "settings", "failure"));
        table.put("server", EVERYTHING_BUT_THE_COMMAND_LINE);
        table.put("puna", List.of("cli", "server", "settings", "failure"));
        return table;
    }

    private static List<String> joined(List<String> names, String another) {
        return Stream.concat(names.stream(), Stream.of(another)).toList();
    }
}
