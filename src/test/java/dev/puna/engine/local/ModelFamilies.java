// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.chat.Thinking;
import java.util.List;

/** What models of well-known families write, and what it means. */
final class ModelFamilies {

    /** A thought that every answer has which has one. */
    static final String THOUGHT = "The user asks about Paris: <b> é 😀, 3 < 5.";

    private ModelFamilies() {}

    /**
     * An answer as a model writes it.
     *
     * @param name what is shown of it
     * @param template its Jinja template among llama.cpp's
     * @param thinking what the request says of thinking
     * @param answer the model's text, its control tokens included
     * @param thought what is reasoning
     * @param content what is content, without white space around it
     * @param calls each as {@code name arguments}
     */
    record Written(
            String name,
            String template,
            Thinking thinking,
            String answer,
            String thought,
            String content,
            List<String> calls) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Written> all() {
        var paris = "get_weather {\"city\": \"Paris\"}";
        var time = "get_time {}";
        return List.of(
                new Written(
                        "Qwen3 thinks, says something and calls twice",
                        "Qwen-Qwen3-0.6B",
                        Thinking.ON,
                        "<think>\n" + THOUGHT + "\n</think>\n\nLet me see.\n<tool_call>\n"
                                + "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>\n"
                                + "<tool_call>\n{\"name\": \"get_time\", \"arguments\": {}}\n</tool_call>",
                        THOUGHT,
                        "Let me see.",
                        List.of(paris, time)),
                new Written(
                        "Qwen3 does not think",
                        "Qwen-Qwen3-0.6B",
                        Thinking.OFF,
                        "It is 3 < 5 & <b>sunny</b>.",
                        "",
                        "It is 3 < 5 & <b>sunny</b>.",
                        List.of()),
                new Written(
                        "Qwen3 thinks and answers",
                        "Qwen-Qwen3-0.6B",
                        Thinking.ON,
                        "<think>\n" + THOUGHT + "\n</think>\n\nIt is sunny.",
                        THOUGHT,
                        "It is sunny.",
                        List.of()),
                new Written(
                        "QwQ begins inside the thought",
                        "Qwen-QwQ-32B",
                        Thinking.ON,
                        THOUGHT + "\n</think>\n\n<tool_call>\n"
                                + "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>",
                        THOUGHT,
                        "",
                        List.of(paris)),
                new Written(
                        "Qwen3 Coder calls in its own notation",
                        "Qwen3-Coder",
                        Thinking.UNSET,
                        "I look it up.\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n"
                                + "</function>\n</tool_call>",
                        "",
                        "I look it up.",
                        List.of(paris)),
                new Written(
                        "Llama 3.1 calls",
                        "meta-llama-Llama-3.1-8B-Instruct",
                        Thinking.UNSET,
                        "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\"}}",
                        "",
                        "",
                        List.of(paris)),
                new Written(
                        "Llama 3.2 answers in JSON of its own",
                        "meta-llama-Llama-3.2-3B-Instruct",
                        Thinking.UNSET,
                        "It is sunny in [Paris].",
                        "",
                        "It is sunny in [Paris].",
                        List.of()),
                new Written(
                        "Llama 3.3 calls",
                        "meta-llama-Llama-3.3-70B-Instruct",
                        Thinking.UNSET,
                        "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\"}}",
                        "",
                        "",
                        List.of(paris)),
                new Written(
                        "Gemma 4 thinks and calls",
                        "google-gemma-4-31B-it",
                        Thinking.ON,
                        "<|channel>thought\n" + THOUGHT + "<channel|>"
                                + "<|tool_call>call:get_weather{city:<|\"|>Paris<|\"|>}<tool_call|>",
                        THOUGHT,
                        "",
                        List.of("get_weather {\"city\":\"Paris\"}")),
                new Written(
                        "Gemma 2 knows neither",
                        "google-gemma-2-2b-it",
                        Thinking.UNSET,
                        "It is **sunny**.",
                        "",
                        "It is **sunny**.",
                        List.of()),
                new Written(
                        "Mistral Nemo calls twice, with ids",
                        "mistralai-Mistral-Nemo-Instruct-2407",
                        Thinking.UNSET,
                        "[TOOL_CALLS][{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}, \"id\": \"abcdefghi\"},"
                                + " {\"name\": \"get_time\", \"arguments\": {}, \"id\": \"123456789\"}]",
                        "",
                        "",
                        List.of(paris, time)),
                new Written(
                        "Ministral thinks and calls twice",
                        "mistralai-Ministral-3-14B-Reasoning-2512",
                        Thinking.ON,
                        "[THINK]" + THOUGHT + "[/THINK]So:[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Paris\"}"
                                + "[TOOL_CALLS]get_time[ARGS]{}",
                        THOUGHT,
                        "So:",
                        List.of(paris, time)),
                new Written(
                        "gpt-oss thinks, comments and calls",
                        "openai-gpt-oss-120b",
                        Thinking.HIGH,
                        "<|channel|>analysis<|message|>" + THOUGHT + "<|end|><|start|>assistant<|channel|>commentary"
                                + " to=functions.get_weather <|constrain|>json<|message|>{\"city\": \"Paris\"}",
                        THOUGHT,
                        "",
                        List.of(paris)),
                new Written(
                        "gpt-oss thinks and answers",
                        "openai-gpt-oss-120b",
                        Thinking.LOW,
                        "<|channel|>analysis<|message|>" + THOUGHT + "<|end|><|start|>assistant<|channel|>final"
                                + "<|message|>It is sunny.",
                        THOUGHT,
                        "It is sunny.",
                        List.of()),
                new Written(
                        "DeepSeek R1 begins inside the thought and answers",
                        "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B",
                        Thinking.ON,
                        THOUGHT + "\n</think>\n\nIt is sunny.",
                        THOUGHT,
                        "It is sunny.",
                        List.of()),
                new Written(
                        "DeepSeek R1 calls",
                        "llama-cpp-deepseek-r1",
                        Thinking.ON,
                        THOUGHT
                                + "\n</think>\n\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n"
                                + "```json\n{\"city\": \"Paris\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        THOUGHT,
                        "",
                        List.of(paris)),
                new Written(
                        "DeepSeek V3.1 calls twice",
                        "deepseek-ai-DeepSeek-V3.1",
                        Thinking.OFF,
                        "Both.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"Paris\"}"
                                + "<｜tool▁call▁end｜><｜tool▁call▁begin｜>get_time<｜tool▁sep｜>{}<｜tool▁call▁end｜>"
                                + "<｜tool▁calls▁end｜>",
                        "",
                        "Both.",
                        List.of(paris, time)),
                new Written(
                        "Granite 3.3 thinks and answers",
                        "ibm-granite-granite-3.3-2B-Instruct",
                        Thinking.ON,
                        "<think>" + THOUGHT + "</think>It is sunny.",
                        THOUGHT,
                        "It is sunny.",
                        List.of()),
                new Written(
                        "Granite 4 calls twice",
                        "ibm-granite-granite-4.0",
                        Thinking.UNSET,
                        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>\n"
                                + "<tool_call>\n{\"name\": \"get_time\", \"arguments\": {}}\n</tool_call>",
                        "",
                        "",
                        List.of(paris, time)),
                new Written(
                        "Hermes 3 calls",
                        "NousResearch-Hermes-3-Llama-3.1-8B-tool_use",
                        Thinking.UNSET,
                        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>",
                        "",
                        "",
                        List.of(paris)));
    }
}
