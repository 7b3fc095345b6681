// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.Prompt;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.JsonSchemas;
import dev.puna.support.LlamaTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tools and calls that clients send in odd ways, before the templates of well-known models: rendered, or refused with a sentence. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class OddToolsTest {
    @RegisterExtension
    static final LoadedVocabulary VOCABULARY = new LoadedVocabulary();

    private static final String TOOL = """
            {"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object",
              "$defs":{%s},"properties":{"x":{"type":"array","items":{"$ref":"#/$defs/a"}}},"required":["x"]}}}""";
    private static final String CIRCLE =
            TOOL.formatted("\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}");
    private static final String TREE =
            TOOL.formatted("\"a\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/a\"}}}");

    private static final Message QUESTION = Message.of("user", "Hi");
    private static final Message CALL =
            new Message("assistant", "", "", List.of(), List.of(new ToolCall("c1", 0, "f", "{}")), "", "");
    private static final Message RESULT = new Message("tool", "42", "", List.of(), List.of(), "f", "c1");

    @Test
    void every_template_takes_or_refuses_calls_without_results_and_results_without_calls() throws IOException {
        var taken = 0;
        for (var turns : List.of(
                List.of(QUESTION, CALL, Message.of("user", "Never mind.")),
                List.of(QUESTION, CALL, CALL, RESULT),
                List.of(QUESTION, RESULT),
                List.of(RESULT))) {
            try (var files = Files.list(LlamaTemplates.folder())) {
                for (var file :
                        files.filter(it -> it.toString().endsWith(".jinja")).toList()) {
                    taken += takes(Files.readString(file), turns, TREE) ? 1 : 0;
                }
            }
        }

        assertThat(taken).isGreaterThan(100);
    }

    @Test
    void a_schema_that_refers_to_nothing_but_itself_is_refused() {
        assertThat(takes(LlamaTemplates.read("Qwen-Qwen3-0.6B"), List.of(QUESTION), CIRCLE))
                .isFalse();
        assertThat(takes(LlamaTemplates.read("Qwen-Qwen3-0.6B"), List.of(QUESTION), TREE))
                .isTrue();
    }

    @Test
    void arguments_are_held_against_a_schema_that_holds_itself() throws IOException {
        assertThat(takesArguments(TREE, "{\"x\":[{\"next\":{\"next\":{}}}]}")).isTrue();
        assertThat(takesArguments(TREE, "{\"x\":[{\"next\":{\"next\":7}}]}")).isFalse();
        assertThat(takesArguments(CIRCLE, "{\"x\":[1]}")).isTrue();
        assertThat(JsonSchemas.toCallGrammar(Map.of("f", TREE), true)).startsWith("root ::= ");
    }

    private static boolean takesArguments(String tool, String arguments) throws IOException {
        return JsonSchemas.takes(tool, new ObjectMapper().readTree(arguments));
    }

    private static boolean takes(String jinja, List<Message> turns, String tool) {
        var conversation = new Prompt.Conversation(
                turns, List.of(new ToolDefinition("f", tool)), Thinking.UNSET, Optional.empty(), "", List.of());
        try {
            return !VOCABULARY.render(jinja, conversation).text().isEmpty();
        } catch (InvalidRequest refused) {
            assertThat(refused.text()).isNotBlank();
            assertThat(refused.field()).isEqualTo(refused.text().startsWith("the tool ") ? "tools" : "");
            return false;
        }
    }
}
