// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.Prompt;
import dev.puna.support.ParrotGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that wants to call what was not offered: the grammar forbids it, and all other tokens are equally likely. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForbiddenCallTest {

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 2, 3})
    void a_call_of_what_was_not_offered_becomes_one_of_what_was(long seed) throws IOException {
        try (var engine = EngineTests.load(parrot(), 512, 1)) {
            var ping = tool("ping", "{\"type\":\"object\",\"properties\":{}}");
            var square = tool(
                    "square",
                    "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"integer\"}},\"required\":[\"x\"]}");
            for (var tool : List.of(ping, square)) {
                var question = new EngineTests.Question(new Prompt.Conversation(
                                List.of(Message.of("user", "x")),
                                List.of(tool),
                                Thinking.UNSET,
                                Optional.empty(),
                                "",
                                List.of()))
                        .tokens(-1);
                var request =
                        seed < 0 ? question.request() : question.seed(seed).request();

                var events = engine.generate(request).collect().asList().await().atMost(LONGEST_ANSWER);

                assertThat(((GenerationEvent.ToolUse) events.getFirst()).call().name())
                        .isEqualTo(tool.name());
                var end = (GenerationEvent.Finished) events.getLast();
                assertThat(end.reason()).isEqualTo(FinishReason.STOP);
                assertThat(end.usage().generatedTokens()).isLessThan(300);
            }
        }
    }

    private static ToolDefinition tool(String name, String parameters) {
        return new ToolDefinition(
                name,
                "{\"type\":\"function\",\"function\":{\"name\":\"%s\",\"description\":\"made up\",\"parameters\":%s}}"
                        .formatted(name, parameters));
    }

    private Path parrot() throws IOException {
        try (var template = ForbiddenCallTest.class.getResourceAsStream("/templates/thinking-tools.jinja")) {
            var text = "<tool_call>\n{\"name\": \"pong\", \"arguments\": {}}\n</tool_call>";
            var jinja = new String(requireNonNull(template).readAllBytes(), UTF_8);
            return Files.write(folder.resolve("parrot.gguf"), ParrotGguf.saying(jinja, text));
        }
    }
}
