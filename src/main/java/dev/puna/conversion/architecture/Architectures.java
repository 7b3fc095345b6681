// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.architecture;

import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The architectures that can be converted: what each is called, and which class knows it. Stateless. */
public final class Architectures {
    /** Of each line: the name in GGUF, the family, and the names in {@code architectures} of a config.json. */
    private static final String TABLE =
            """
            llama llama LlamaForCausalLM LLaMAForCausalLM MistralForCausalLM MixtralForCausalLM LlamaModel\
             LlavaForConditionalGeneration
            smollm3 llama SmolLM3ForCausalLM
            qwen2 plain Qwen2ForCausalLM
            """;

    private Architectures() {}

    /** The names in {@code architectures} of a config.json that can be converted, sorted. */
    public static List<String> supported() {
        var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        for (var line : TABLE.split("\n", -1)) {
            var words = line.split(" ", -1);
            for (var index = 2; index < words.length; index++) {
                names.add(words[index]);
            }
        }
        return new ArrayList<>(names);
    }

    /**
     * The architecture of a model by its config.json.
     *
     * @param entries to which its parameters are added; it adds its name at once
     */
    public static Architecture of(ModelFiles files, Entries entries) {
        var config = TransformersConfig.read(files);
        var wanted = TransformersConfig.architecture(config);
        for (var line : TABLE.split("\n", -1)) {
            var words = List.of(line.split(" ", -1));
            if (words.lastIndexOf(wanted) > 1) {
                entries.text("general.architecture", words.getFirst());
                var source = new Architecture.Source(
                        words.getFirst(), wanted, files, TransformersConfig.text(config), entries);
                return of(words.get(1), source);
            }
        }
        throw new InvalidRequest("models of the architecture " + wanted + " cannot be converted; supported are: "
                + String.join(", ", supported()));
    }

    private static Architecture of(String family, Architecture.Source source) {
        return switch (family) {
            case "plain" -> new Architecture(source);
            case "llama" -> new LlamaFamily(source);
            default -> throw new IllegalStateException(family);
        };
    }
}
