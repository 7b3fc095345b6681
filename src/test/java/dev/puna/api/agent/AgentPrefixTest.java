// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.request.ModelErrors;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.OutputFormat;
import dev.puna.inference.ChatCompletion;
import dev.puna.inference.FormatOption;
import dev.puna.inference.GenerationParameters;
import dev.puna.inference.ModelReference;
import dev.puna.inference.ThinkOption;
import dev.puna.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AgentPrefixTest {
    private static final String BILLING = "x-anthropic-billing-header: cc_version=2.1.197.%s; cch=%s;";
    private static final String CLAUDE = "claude-cli/2.1.197 (external, cli)";

    @Test
    void two_turns_of_an_agent_begin_with_the_same() {
        var first = completion(BILLING.formatted("cd8", "1") + "\n\nYou are an agent.\n\nBe brief.", "b", "a");
        var second = completion(BILLING.formatted("1c0", "2") + "\n\nYou are an agent.\n\nBe brief.", "a", "b");

        assertThat(steady(first, CLAUDE)).isEqualTo(steady(second, CLAUDE));
        assertThat(steady(first, CLAUDE).messages().getFirst().content()).isEqualTo("You are an agent.\n\nBe brief.");
        assertThat(steady(first, CLAUDE).messages().getLast())
                .as("what the user says")
                .isEqualTo(first.messages().getLast());
    }

    @Test
    void a_system_text_that_is_only_billing_goes() {
        assertThat(steady(completion(BILLING), CLAUDE).messages())
                .extracting(Message::role)
                .containsExactly("user");
    }

    @ParameterizedTest
    @CsvSource({
        "Today's date: 2026-11-30T10:31:22Z, Today's date: 2026-11-30",
        "  Current time: Mon Nov 30 2026 10:31:22 GMT+0100,   Current time: Mon Nov 30 2026 GMT+0100",
        "<current_date>2026-11-30T10:31</current_date>, <current_date>2026-11-30</current_date>",
        "Today's date: 2026-11-30, Today's date: 2026-11-30",
        "The train leaves at 10:31, The train leaves at 10:31"
    })
    void a_date_stays_without_its_time_of_day(String line, String steady) {
        var text = "You are an agent.\n%s\nBe brief.";

        assertThat(steady(completion(text.formatted(line)), CLAUDE)
                        .messages()
                        .getFirst()
                        .content())
                .isEqualTo(text.formatted(steady));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"codex_cli_rs/0.77.0 (Linux; x86_64)", "codex_exec/0.77.0", "Codex-desktop/1", "claude-code/3"})
    void agents_are_known_by_their_user_agent(String userAgent) {
        assertThat(steady(completion(BILLING), userAgent)).isNotEqualTo(completion(BILLING));
    }

    @Test
    void requests_of_others_stay_as_they_are() {
        var request = completion(BILLING, "b", "a");

        for (var other : List.of("curl/8", "my claude-cli/2", "")) {
            assertThat(steady(request, other)).isSameAs(request);
        }
        assertThat(new AgentPrefix(Settings.from(Map.of("HOME", "/h"))).steady(request, null))
                .isSameAs(request);
        var off = new AgentPrefix(Settings.from(Map.of("HOME", "/h", "PUNA_AGENT_PREFIX", "false")));
        assertThat(off.steady(request, CLAUDE)).isSameAs(request);
    }

    private static ChatCompletion steady(ChatCompletion completion, String userAgent) {
        return new AgentPrefix(Settings.from(Map.of("HOME", "/h"))).steady(completion, userAgent);
    }

    private static ChatCompletion completion(String system, String... tools) {
        var parameters = new GenerationParameters(
                new ModelReference("m", "", ModelErrors.CHAT),
                new FormatOption.Known(new OutputFormat.Free()),
                Optional.empty(),
                Map.of(),
                new ThinkOption.Plain(Thinking.UNSET),
                true,
                Optional.empty(),
                false,
                OptionalInt.empty());
        return new ChatCompletion(
                parameters,
                List.of(Message.of("system", system), Message.of("user", BILLING)),
                Stream.of(tools).map(name -> new ToolDefinition(name, "{}")).toList());
    }
}
