// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.Prompt;
import dev.puna.engine.prompt.RenderedPrompt;
import dev.puna.failure.InvalidRequest;
import dev.puna.support.LlamaTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tools made by hand, with types of other languages, before the templates of well-known models. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class ToolTypesTest {

    @RegisterExtension
    static final LoadedVocabulary VOCABULARY = new LoadedVocabulary();

    private static final String BY_HAND = """
            {"function":{"name":"plan","description":"Plans a day","parameters":{"type":"dict","properties":{
              "hours":{"type":"int"},"share":{"type":"float64"},"what":{"type":"any","description":"d"},"when":{"type":"date"},
              "names":{"type":"list","items":{"type":"STR"}},"where":{"type":["float","null"]},"ids":{"type":"tuple"},
              "who":{"anyOf":[{"type":"int64"},{"type":"dict","properties":{"x":{"type":"file"}}}]}},"required":["hours"]}}}""";
    private static final String BY_THE_BOOK = """
            {"type":"function","function":{"name":"plan","description":"Plans a day","parameters":{"type":"object","properties":{
              "hours":{"type":"integer"},"share":{"type":"number"},"what":{"type":"string","description":"d"},"when":{"type":"string"},
              "names":{"type":"array","items":{"type":"string"}},"where":{"type":["number","null"]},"ids":{"type":"array"},
              "who":{"anyOf":[{"type":"integer"},{"type":"object","properties":{"x":{"type":"string"}}}]}},"required":["hours"]}}}""";

    @Test
    void every_template_that_takes_usual_tools_takes_them() throws IOException {
        var refused = new ArrayList<String>();
        var taken = 0;
        try (var files = Files.list(LlamaTemplates.folder())) {
            for (var file : files.filter(it -> it.toString().endsWith(".jinja"))
                    .sorted()
                    .toList()) {
                var jinja = Files.readString(file);
                if (takes(jinja, BY_THE_BOOK)) {
                    taken++;
                    if (!takes(jinja, BY_HAND)) {
                        refused.add(file.getFileName().toString());
                    }
                }
            }
        }

        assertThat(refused).isEmpty();
        assertThat(taken).isGreaterThan(30);
    }

    @Test
    void the_model_sees_them_as_they_were_sent() {
        var prompt = rendered(LlamaTemplates.read("Qwen-Qwen3-0.6B"), BY_HAND);

        assertThat(prompt.text())
                .contains(
                        "\"hours\": {\"type\": \"int\"}",
                        "\"when\": {\"type\": \"date\"}",
                        "\"items\": {\"type\": \"STR\"}")
                .contains("{\"type\": \"function\", \"function\": {\"name\": \"plan\"")
                .doesNotContain("puna");
    }

    private static boolean takes(String jinja, String tool) {
        try {
            return !rendered(jinja, tool).text().isEmpty();
        } catch (InvalidRequest refused) {
            return false;
        }
    }

    private static RenderedPrompt rendered(String jinja, String tool) {
        var conversation = new Prompt.Conversation(
                List.of(Message.of("user", "Plan my day.")),
                List.of(new ToolDefinition("plan", tool)),
                Thinking.UNSET,
                Optional.empty(),
                "",
                List.of());
        return VOCABULARY.render(jinja, conversation);
    }
}
