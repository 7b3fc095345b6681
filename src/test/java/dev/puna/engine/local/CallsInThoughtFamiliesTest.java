// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.Prompt;
import dev.puna.support.LlamaTemplates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that models of well-known families make before they close their thoughts. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class CallsInThoughtFamiliesTest {

    @RegisterExtension
    static final LoadedVocabulary VOCABULARY = new LoadedVocabulary();

    private static final String JSON_CALL =
            "<tool_call>\n{\"name\": \"note\", \"arguments\": {\"text\": \"buy three red apples\"}}\n</tool_call>";
    private static final String TAGGED_CALL = "<tool_call>\n<function=note>\n<parameter=text>\nbuy three red apples\n"
            + "</parameter>\n</function>\n</tool_call>";
    private static final String GLM_CALL =
            "<tool_call>note\n<arg_key>text</arg_key>\n<arg_value>buy three red apples</arg_value>\n</tool_call>";
    private static final ToolDefinition NOTE = new ToolDefinition("note", """
            {"type":"function","function":{"name":"note","description":"Writes something down","parameters":
             {"type":"object","required":["text"],"properties":{"text":{"type":"string"}}}}}""");

    /**
     * What a model of a family writes.
     *
     * @param template its Jinja template among llama.cpp's
     * @param open what it writes to begin a thought; empty if the prompt does that
     * @param close what ends one
     */
    record Family(String template, String open, String close, String call) {
        /** Whether its thoughts end where a call begins, by llama.cpp's own parser for it. */
        boolean callsEndThoughts() {
            return List.of(
                            "Qwen3.5-4B",
                            "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16",
                            "inclusionai-ling-3.0-flash",
                            "Kimi-K2-Thinking")
                    .contains(template);
        }

        @Override
        public String toString() {
            return template;
        }
    }

    static List<Family> families() {
        return List.of(
                new Family("Qwen-Qwen3-0.6B", "<think>\n", "\n</think>\n\n", JSON_CALL),
                new Family("Qwen-QwQ-32B", "", "\n</think>\n\n", JSON_CALL),
                new Family("Bielik-11B-v3.0-Instruct", "", "\n</think>\n\n", JSON_CALL),
                new Family("Qwen3.5-4B", "", "\n</think>\n\n", TAGGED_CALL),
                new Family("NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", "", "\n</think>\n\n", TAGGED_CALL),
                new Family(
                        "ByteDance-Seed-OSS",
                        "<seed:think>",
                        "</seed:think>",
                        "<seed:tool_call>\n<function=note>\n<parameter=text>buy three red apples</parameter>\n</function>\n"
                                + "</seed:tool_call>"),
                new Family("GLM-4.6", "<think>", "</think>\n", GLM_CALL),
                new Family("GLM-4.7-Flash", "", "</think>", GLM_CALL.replace("\n", "")),
                new Family("poolside-Laguna-S-2.1", "", "</think>", GLM_CALL.replace("\n", "")),
                new Family("inclusionai-ling-3.0-flash", "", "</think>", GLM_CALL),
                new Family(
                        "MiniMax-M2",
                        "",
                        "\n</think>\n\n",
                        "<minimax:tool_call>\n<invoke name=\"note\">\n<parameter name=\"text\">buy three red apples</parameter>\n"
                                + "</invoke>\n</minimax:tool_call>"),
                new Family(
                        "NVIDIA-Nemotron-Nano-v2",
                        "",
                        "\n</think>\n\n",
                        "<TOOLCALL>[{\"name\": \"note\", \"arguments\": {\"text\": \"buy three red apples\"}}]</TOOLCALL>"),
                new Family(
                        "Kimi-K2-Thinking",
                        "<think>",
                        "</think>",
                        "<|tool_calls_section_begin|><|tool_call_begin|>functions.note:0<|tool_call_argument_begin|>"
                                + "{\"text\": \"buy three red apples\"}<|tool_call_end|><|tool_calls_section_end|>"),
                new Family(
                        "LFM2.5-8B-A1B",
                        "<think>",
                        "</think>",
                        "<|tool_call_start|>[note(text=\"buy three red apples\")]<|tool_call_end|>"),
                new Family(
                        "deepseek-ai-DeepSeek-V3.1",
                        "",
                        "</think>",
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>note<｜tool▁sep｜>{\"text\": \"buy three red apples\"}"
                                + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
                new Family(
                        "llama-cpp-deepseek-r1",
                        "",
                        "\n</think>\n\n",
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>note\n```json\n"
                                + "{\"text\": \"buy three red apples\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
                new Family(
                        "google-gemma-4-31B-it",
                        "<|channel>thought\n",
                        "<channel|>",
                        "<|tool_call>call:note{text:<|\"|>buy three red apples<|\"|>}<tool_call|>"),
                new Family(
                        "mistralai-Ministral-3-14B-Reasoning-2512",
                        "[THINK]",
                        "[/THINK]",
                        "[TOOL_CALLS]note[ARGS]{\"text\": \"buy three red apples\"}"));
    }

    @ParameterizedTest
    @MethodSource("families")
    void a_call_at_the_end_of_a_thought_that_is_not_closed_is_a_call(Family family) {
        for (var end : family.callsEndThoughts() ? List.of("") : List.of("", "\n", family.close())) {
            var read = read(family, family.open() + "I write it down. " + family.call() + end);

            assertThat(read)
                    .as("with '%s' behind it", end)
                    .isEqualTo("thought:I write it down.|call:buy three red apples");
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void an_answer_after_the_thought_wins(Family family) {
        var thought = "I could write it down: " + family.call();
        if (family.callsEndThoughts()) {
            return;
        }

        assertThat(read(family, family.open() + thought + family.close() + "No need."))
                .isEqualTo("thought:" + thought + "|content:No need.");
    }

    @ParameterizedTest
    @MethodSource("families")
    void half_a_call_is_part_of_the_thought(Family family) {
        if (family.callsEndThoughts()) {
            return;
        }
        var half = family.call().substring(0, family.call().indexOf("three"));

        assertThat(read(family, family.open() + "I write it down. " + half))
                .isEqualTo(("thought:I write it down. " + half).strip());
    }

    private static String read(Family family, String answer) {
        var conversation = new Prompt.Conversation(
                List.of(Message.of("user", "Note that.")), List.of(NOTE), Thinking.ON, Optional.empty(), "", List.of());
        var prompt = VOCABULARY.render(LlamaTemplates.read(family.template()), conversation);
        var whole = summary(ParsedAnswer.of(prompt, List.of(answer)));
        assertThat(summary(ParsedAnswer.of(prompt, ParsedAnswer.characters(answer))))
                .isEqualTo(whole);
        return whole;
    }

    private static String summary(ParsedAnswer answer) {
        var parts = new ArrayList<String>();
        parts.add("thought:" + answer.thought());
        if (!answer.content().isEmpty()) {
            parts.add("content:" + answer.content());
        }
        for (var call : answer.calls()) {
            assertThat(call.name()).isEqualTo("note");
            parts.add("call:" + call.arguments().replaceAll("\\{\\s*\"text\":\\s*\"([^\"]*?)\\s*\"\\s*}", "$1"));
        }
        return String.join("|", parts);
    }
}
