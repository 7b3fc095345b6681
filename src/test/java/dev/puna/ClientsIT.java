// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.ClientPackages;
import dev.puna.support.OutsideProgram;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages that people write programs with, as they are in the registries, against the packaged program and real models. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientsIT {
    private static final Duration BOUND = Duration.ofMinutes(4);
    private static final String TEXT = "small:latest";
    private static final String CALLER = "caller:latest";
    private static final String EMBEDDER = "minilm:latest";

    @TempDir
    static Path home;

    private static ServedProgram served;
    private static List<String> models = List.of(TEXT, CALLER);

    @BeforeAll
    static void serve() throws Exception {
        served = ServedProgram.start(home);
        served.createGreedy(TEXT, TestModels.smolLm2());
        served.createParrot(CALLER, ServedProgram.CALL_OF_GET_WEATHER);
        var miniLm = TestModels.miniLmIfThere();
        if (miniLm.isPresent()) {
            served.create(EMBEDDER, miniLm.get());
            models = List.of(TEXT, CALLER, EMBEDDER);
        }
    }

    @AfterAll
    static void end() {
        served.close();
    }

    @Test
    void the_package_for_python() throws Exception {
        assertEveryCall(python(), "python3", script("check_ollama.py"));
    }

    @Test
    void the_package_for_python_that_langchain_uses() throws Exception {
        assertEveryCall(python(), "python3", script("check_langchain.py"));
    }

    @Test
    void the_package_for_python_of_openai() throws Exception {
        assertEveryCall(python(), "python3", script("check_openai.py"));
    }

    @Test
    void the_responses_of_the_package_for_python_of_openai() throws Exception {
        assertEveryCall(python(), "python3", script("check_responses.py"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"check_openai_agents.py", "check_langchain_openai.py", "check_pydantic_ai.py"})
    void packages_for_python_that_speak_as_openai_does(String script) throws Exception {
        assertEveryCall(python(), "python3", script(script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"check_instructor.py", "check_litellm.py"})
    void packages_for_python_that_use_an_older_one_of_openai(String script) throws Exception {
        var packages = Map.of("PYTHONPATH", ClientPackages.olderPython().toString());

        assertEveryCall(packages, "python3", script(script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"check_ollama.mjs", "check_openai.mjs", "check_openai_agents.mjs", "check_ai.mjs"})
    void packages_for_javascript(String script) throws Exception {
        var packages = Map.of("NODE_PATH", ClientPackages.javaScript().toString());

        assertEveryCall(packages, "node", script(script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"java/CheckLangChain4j.java", "java/CheckSpringAi.java"})
    void packages_for_java_that_speak_as_openai_does(String program) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        assertEveryCall(Map.of(), java, "-Xmx256m", "-cp", ClientPackages.java(), script(program));
    }

    @Test
    void the_package_for_go() throws Exception {
        assertEveryCall(Map.of(), ClientPackages.go().toString());
    }

    private static Map<String, String> python() throws IOException {
        return Map.of("PYTHONPATH", ClientPackages.python().toString());
    }

    private static String script(String name) {
        return ClientPackages.script(name).toString();
    }

    /** Each is told which models to call, and says so when all is well. */
    private static void assertEveryCall(Map<String, String> packages, String... command) throws IOException {
        var environment = new HashMap<>(packages);
        environment.put("OLLAMA_HOST", "http://" + served.address());
        var line = Stream.concat(Stream.of(command), models.stream()).toList();

        var ended = OutsideProgram.run(home, environment, BOUND, line);

        assertThat(ended.output()).contains("every call is as it should be");
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }
}
