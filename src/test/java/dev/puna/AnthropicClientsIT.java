// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.ClientPackages;
import dev.puna.support.OutsideProgram;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages for Anthropic's API, and Claude Code itself, as they are in the registries, against the packaged program. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnthropicClientsIT {
    private static final Duration BOUND = Duration.ofMinutes(4);
    private static final String TEXT = "small:latest";
    private static final String CALLER = "caller:latest";
    private static final String TALKER = "talker:latest";
    private static final String SHELL = "shell:latest";
    private static final String SAID = "Good day, what a fine program you have here.";

    /** A call of a tool of Claude Code's own. */
    private static final String CALL_OF_BASH = """
            <think>
            I should look.
            </think>

            <tool_call>
            {"name": "Bash", "arguments": {"command": "echo forty-$((1 + 1))", "description": "Print a number"}}
            </tool_call>""";

    @TempDir
    static Path home;

    private static ServedProgram served;

    @BeforeAll
    static void serve() throws Exception {
        served = ServedProgram.start(home);
        served.createGreedy(TEXT, TestModels.smolLm2());
        served.createParrot(CALLER, ServedProgram.CALL_OF_GET_WEATHER);
        served.createParrot(TALKER, SAID);
        served.createParrot(SHELL, CALL_OF_BASH);
    }

    @AfterAll
    static void end() {
        served.close();
    }

    @Test
    void the_package_for_python() throws Exception {
        assertEveryCall(python(), "python3", script("check_anthropic.py"));
    }

    @Test
    void the_package_for_python_that_langchain_uses() throws Exception {
        assertEveryCall(python(), "python3", script("check_langchain_anthropic.py"));
    }

    @Test
    void the_package_for_javascript() throws Exception {
        var packages =
                Map.of("NODE_PATH", ClientPackages.javaScriptOfAnthropic().toString());

        assertEveryCall(packages, "node", script("check_anthropic.mjs"));
    }

    @Test
    void claude_code_goes_on_with_a_conversation() throws Exception {
        var first = claude(TALKER, "-p", "say something", "--output-format", "json");
        assertThat(first.output()).contains(SAID, "\"is_error\":false", "\"stop_reason\":\"end_turn\"");

        var second = claude(TALKER, "--continue", "-p", "and again", "--output-format", "json");
        assertThat(second.output()).contains(SAID, "\"is_error\":false");
        assertThat(second.exitCode()).isZero();
    }

    @Test
    void claude_code_runs_a_tool_and_tells_its_result() throws Exception {
        var ended = claude(
                SHELL,
                "-p",
                "which number",
                "--max-turns",
                "2",
                "--allowedTools",
                "Bash",
                "--output-format",
                "stream-json",
                "--include-partial-messages",
                "--verbose");

        assertThat(ended.output())
                .contains("\"type\":\"signature_delta\"", "\"type\":\"input_json_delta\"", "\"content\":\"forty-2\"")
                .contains("\"subtype\":\"error_max_turns\"")
                .doesNotContain("API Error");
    }

    /** Runs it with no network but this machine's. */
    private static OutsideProgram.Outcome claude(String model, String... arguments) throws IOException {
        var folder = Files.createDirectories(home.resolve("claude"));
        var environment = Map.ofEntries(
                Map.entry("HOME", folder.toString()),
                Map.entry("ANTHROPIC_BASE_URL", "http://" + served.address()),
                Map.entry("ANTHROPIC_API_KEY", "none"),
                Map.entry("ANTHROPIC_MODEL", model),
                Map.entry("ANTHROPIC_DEFAULT_HAIKU_MODEL", model),
                Map.entry("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
                Map.entry("DISABLE_AUTOUPDATER", "1"),
                Map.entry("HTTP_PROXY", "http://127.0.0.1:9"),
                Map.entry("HTTPS_PROXY", "http://127.0.0.1:9"),
                Map.entry("NO_PROXY", "127.0.0.1"));
        var program = ClientPackages.claudeCode().toString();
        return OutsideProgram.run(
                folder,
                environment,
                BOUND,
                Stream.concat(Stream.of(program), Stream.of(arguments)).toList());
    }

    private static Map<String, String> python() throws IOException {
        return Map.of("PYTHONPATH", ClientPackages.pythonOfAnthropic().toString());
    }

    private static String script(String name) {
        return ClientPackages.script("anthropic/" + name).toString();
    }

    /** Each is told which models to call, and says so when all is well. */
    private static void assertEveryCall(Map<String, String> packages, String... command) throws IOException {
        var environment = new HashMap<>(packages);
        environment.put("OLLAMA_HOST", "http://" + served.address());
        var line = Stream.concat(Stream.of(command), Stream.of(TEXT, CALLER)).toList();

        var ended = OutsideProgram.run(home, environment, BOUND, line);

        assertThat(ended.output()).contains("every call is as it should be");
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }
}
