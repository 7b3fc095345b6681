// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What a model gets whose weights carry a well-known Jinja template. Source: contract 3.2, step 2; the recordings
 * {@code smol-create} and {@code smol-show}; Ollama 0.32, {@code template/*.json}.
 *
 * @param name what create calls it
 * @param goTemplate template of the same format, which takes the place of the model's own; for ChatML alone, since the others are
 *     rendered at least as well by their own
 * @param stop texts that end an answer in that format
 */
public record KnownTemplate(String name, Optional<String> goTemplate, List<String> stop) {
    private static final String CHATML = """
            {{- range .Messages }}<|im_start|>{{ .Role }}
            {{ .Content }}<|im_end|>
            {{ end }}<|im_start|>assistant
            """;

    private static final int LONGEST = 8192;

    /** Copies the list. */
    public KnownTemplate {
        requireNonNull(name, "name is null");
        requireNonNull(goTemplate, "goTemplate is null");
        stop = List.copyOf(stop);
    }

    /** The template that is like it, or nothing when none is that is known here. */
    public static Optional<KnownTemplate> of(String jinja) {
        if (jinja.length() > LONGEST) {
            return Optional.empty();
        }
        return TemplateLikeness.closest(jinja).map(KnownTemplate::named);
    }

    static KnownTemplate named(String name) {
        var goTemplate = name.equals("chatml") ? Optional.of(CHATML) : Optional.<String>empty();
        return new KnownTemplate(name, goTemplate, stop(name));
    }

    private static List<String> stop(String name) {
        return switch (name) {
            case "alfred" -> List.of("<start_system>", "<end_message>", "<start_user>", "<start_assistant>");
            case "alpaca" -> List.of("###Instruction:", "###Response");
            // So it is there for mistral-instruct, too.
            case "chatml", "mistral-instruct" -> List.of("<|im_start|>", "<|im_end|>");
            case "chatqa" -> List.of("System:", "User:", "Assistant:", "<|begin_of_text|>");
            case "codellama-70b-instruct" -> List.of("Source:", "Destination:", "<step>");
            case "command-r" -> List.of("<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>");
            case "falcon-instruct" -> List.of("User:", "Assistant:");
            case "gemma-instruct" -> List.of("<start_of_turn>", "<end_of_turn>");
            case "gemma3-instruct" -> List.of("<end_of_turn>");
            case "granite-instruct" -> List.of("System:", "Question:", "Answer:");
            case "llama2-chat" -> List.of("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>");
            case "llama3-instruct" -> List.of("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>");
            case "magicoder" -> List.of("@@Instruction", "@@Response");
            case "openchat" -> List.of("<|end_of_turn|>");
            case "phi-3" -> List.of("<|end|>", "<|system|>", "<|user|>", "<|assistant|>");
            case "solar-instruct" -> List.of("###System:", "###User:", "###Assistant");
            case "starcoder2-instruct" -> List.of("###Instruction", "###Response", "<|endoftext|>");
            case "zephyr" -> List.of("<|system|>", "</s>", "<|user|>", "<|assistant|>");
            default -> throw new IllegalStateException("no stops of " + name);
        };
    }
}
