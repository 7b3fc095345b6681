// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.ClientPackages;
import dev.puna.support.OutsideProgram;
import dev.puna.support.ServedProgram;
import java.io.IOException;
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

/** OpenAI's Codex, as npm has it, and the types of the Open Responses specification, against the packaged program and models that say one text. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CodexIT {
    private static final Duration BOUND = Duration.ofMinutes(4);

    @TempDir
    static Path home;

    private static ServedProgram served;

    @BeforeAll
    static void serve() throws Exception {
        served = ServedProgram.start(home);
        served.createParrot("talker", """
                <think>
                That was easy.
                </think>

                Hello from the scripted model.""");
        served.createParrot("shell", """
                <think>
                I look.
                </think>

                <tool_call>
                {"name": "exec_command", "arguments": {"cmd": "echo from-the-$((40+2))-shell"}}
                </tool_call>""");
        served.createParrot("caller", ServedProgram.CALL_OF_GET_WEATHER);
        served.createParrot("namespaced", """
                <tool_call>
                {"name": "multi_agent_v1.close_agent", "arguments": {"target": "nobody"}}
                </tool_call>""");
    }

    @AfterAll
    static void end() {
        served.close();
    }

    @Test
    void understands_every_event_and_is_understood() throws Exception {
        assertEveryCall(
                Map.of(), "codex/check_codex.py", ClientPackages.codex().toString(), "talker", "shell", "namespaced");
    }

    @Test
    void answers_and_events_are_those_of_the_open_specification() throws Exception {
        var packages =
                Map.of("PYTHONPATH", ClientPackages.pythonOfOpenResponses().toString());

        assertEveryCall(packages, "responses/check_open_responses.py", "talker", "caller");
    }

    private static void assertEveryCall(Map<String, String> packages, String script, String... arguments)
            throws IOException {
        var environment = new HashMap<>(packages);
        environment.put("OLLAMA_HOST", "http://" + served.address());
        var line = Stream.concat(
                        Stream.of("python3", ClientPackages.script(script).toString()), Stream.of(arguments))
                .toList();

        var ended = OutsideProgram.run(home, environment, BOUND, line);

        assertThat(ended.output()).contains("every call is as it should be");
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }
}
