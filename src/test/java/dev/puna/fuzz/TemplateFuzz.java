// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.template.PromptInputs;
import dev.puna.template.PromptTemplate;
import java.time.Duration;
import java.util.List;

/** Go templates: parsed, looked through for tags, and rendered with a conversation. */
final class TemplateFuzz implements FuzzTarget {
    private static final List<Message> CONVERSATION = List.of(
            Message.of("system", "Be short."),
            Message.of("user", "How is the weather in \"Paris\"? é🙂"),
            new Message(
                    "assistant",
                    "",
                    "I need the weather.",
                    List.of(),
                    List.of(new ToolCall("1", 0, "get_weather", "{\"city\":\"Paris\",\"days\":[1,2.5,null]}")),
                    "",
                    ""),
            new Message("tool", "12 degrees", "", List.of(), List.of(), "get_weather", "1"),
            Message.of("user", "And now?"));
    private static final List<ToolDefinition> TOOLS = List.of(
            new ToolDefinition(
                    "get_weather",
                    "{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"parameters\":{\"type\":\"object\","
                            + "\"properties\":{\"city\":{\"type\":\"string\",\"enum\":[\"Paris\",\"Rome\"]}},\"required\":[\"city\"]}}}"));
    private static final PromptInputs INPUTS = new PromptInputs(CONVERSATION, TOOLS, Thinking.ON, "");

    @Override
    public String name() {
        return "template";
    }

    @Override
    public void run(byte[] input) {
        var template = PromptTemplate.parse(FuzzTarget.text(input));
        template.answerTags();
        template.render(INPUTS);
    }

    @Override
    public Bounds bounds() {
        // What a rendering may use by its own rules: five seconds, and four texts of 16 MiB beside its result.
        return new Bounds(Duration.ofSeconds(6), 1L << 30);
    }
}
